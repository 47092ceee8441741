// What is known of a room: its runs, built from its events, in whatever pieces they come.
//
// An event is taken once, by its id. When the room's numbering starts anew, what was seen before
// stays, without the numbers that no longer lead anywhere.
import { addToRows, failure } from './rows.js';

// How much is kept. The page is a window: what is older is counted, and in the download.
const MAX_RUNS = 300;
const MAX_ROWS = 2000;

let made = 0;

export function emptyRoom(sessionId) {
  return {
    sessionId,
    epoch: null,
    lastSeq: 0,
    entered: false, // whether its history was shown once
    loadedTo: Infinity, // the last seq that was history when the room was entered
    runs: [],
    runById: new Map(),
    eventById: new Map(),
    eventBySeq: new Map(),
    skew: 0,
  };
}

/** What the server said on entering: where the numbering is, and whether anything is missing. */
export function enter(room, { epoch, seq, recovered, first_seq: first }) {
  const anew = room.epoch !== null && room.epoch !== epoch;
  if (anew) {
    room.eventBySeq.forEach((event) => (event.seq = null));
    room.eventBySeq.clear();
    room.lastSeq = 0;
  }
  const loss =
    recovered === false && (anew || first > room.lastSeq + 1)
      ? { anew, first, missing: anew ? null : first - room.lastSeq - 1 }
      : null;
  room.epoch = epoch;
  room.loadedTo = seq;
  if (loss) {
    room.lastSeq = Math.max(0, first - 1);
  }
  return loss;
}

/**
 * Takes an event in.
 *
 * @returns its row and run, or null when it was known
 */
export function take(room, message) {
  room.lastSeq = Math.max(room.lastSeq, message.seq);
  const known = room.eventById.get(message.event_id);
  if (known) {
    known.seq = message.seq;
    room.eventBySeq.set(message.seq, known);
    return null;
  }
  const event = { ...message, meta: message.meta ?? {}, at: Date.parse(message.ts) };
  room.eventById.set(event.event_id, event);
  room.eventBySeq.set(event.seq, event);
  const live = event.seq > room.loadedTo;
  if (live) {
    room.skew = Date.now() - event.at;
  }
  const run = runOf(room, event.run_id ?? '', event.at);
  event.run = run;
  event.row = addToRows(run, event);
  if (run.rows.length > MAX_ROWS) {
    run.rows.shift().events.forEach((old) => forget(room, old));
    run.droppedRows += 1;
  }
  tell(run, event);
  return { run, row: event.row, event, live };
}

/** The run with this id, made when it is new. */
export function runOf(room, id, at = Date.now()) {
  const known = room.runById.get(id);
  if (known) {
    return known;
  }
  const run = {
    id,
    key: `run-${++made}`, // an id is anything at all; this is one that HTML can use
    question: null,
    intent: null,
    topic: null,
    steps: [],
    reached: 0,
    status: 'accepted',
    createdAt: at,
    endedAt: null,
    durationMs: null,
    traceId: null,
    correlationId: null,
    rows: [],
    running: [], // those of the rows that are
    droppedRows: 0,
    drawnRows: 0,
    result: undefined,
    resultUrl: null,
    resultBytes: null,
    failure: null,
    cancelReason: null,
    abandonedTool: null,
    submission: null,
    numQuestions: null,
  };
  room.runById.set(id, run);
  room.runs.push(run);
  if (room.runs.length > MAX_RUNS) {
    const oldest = room.runs.shift();
    room.runById.delete(oldest.id);
    oldest.rows.forEach((row) => row.events.forEach((old) => forget(room, old)));
  }
  return run;
}

function forget(room, event) {
  room.eventById.delete(event.event_id);
  room.eventBySeq.delete(event.seq);
}

export function isOver(run) {
  return ['succeeded', 'failed', 'cancelled', 'lost'].includes(run.status);
}

function tell(run, event) {
  const { step, meta } = event;
  run.traceId ??= meta.trace_id ?? null;
  run.correlationId ??= meta.correlation_id ?? null;
  const place = run.steps.indexOf(step) + 1;
  // A failed run ends before its last step, whatever that is called.
  if (meta.status !== 'failed') {
    run.reached = Math.max(run.reached, place);
  }
  switch (step) {
    case 'queued':
      run.status = 'queued';
      return;
    case 'intent_determined':
      run.status = 'running';
      run.question ??= meta.question ?? null;
      run.intent = meta.intent ?? null;
      run.topic = meta.topic ?? null;
      run.steps = Array.isArray(meta.steps) ? meta.steps : [];
      run.reached = 1;
      return;
    case 'start_generate_exam':
      run.numQuestions = meta.input?.num_questions ?? null;
      break;
    case 'start_grading':
      run.submission = meta.input ?? null;
      break;
    case 'tool_error':
      run.failure = failure(event);
      break;
    case 'final_answer':
      run.status = meta.status === 'failed' ? 'failed' : 'succeeded';
      run.result = meta.result;
      run.resultUrl = meta.result_url ?? null;
      run.resultBytes = meta.result_bytes ?? null;
      run.intent ??= meta.intent ?? null;
      if (run.status === 'failed') {
        run.failure ??= { message: meta.error ?? event.message };
      }
      end(run, event);
      return;
    case 'cancelled':
      run.status = 'cancelled';
      run.cancelReason = meta.reason ?? null;
      run.abandonedTool = meta.abandoned_tool ?? null;
      end(run, event);
      return;
    default:
  }
  if (run.status === 'accepted' || run.status === 'queued') {
    run.status = 'running';
  }
}

function end(run, event) {
  run.endedAt = event.at;
  run.durationMs = event.meta.duration_ms ?? event.at - run.createdAt;
}

/** Fills in from the run's own resource what its events did not say, or no longer can. */
export function learn(run, view) {
  run.question ??= view.question;
  run.intent ??= view.intent ?? null;
  if (isOver(run)) {
    return;
  }
  run.status = view.status;
  if (isOver(run)) {
    run.result = view.result ?? undefined;
    run.failure ??= view.status === 'failed' ? { message: view.error } : null;
    run.cancelReason ??= view.status === 'cancelled' ? view.error : null;
    run.endedAt = Date.parse(view.finished_at);
    run.durationMs = run.endedAt - Date.parse(view.started_at ?? view.created_at);
    stopRows(run);
  }
}

/** Nobody knows this run any more, and nothing will follow. */
export function lose(run) {
  run.status = 'lost';
  stopRows(run);
}

function stopRows(run) {
  run.running.forEach((row) => (row.status = 'stopped'));
  run.running = [];
}

/** The last attempt at an exam: what was submitted, and what came of it. */
export function attemptAt(room, examId) {
  const run = room.runs.findLast((each) => each.submission?.exam_id === examId);
  return run ? { run, answers: run.submission.answers ?? {}, grade: run.result } : null;
}
