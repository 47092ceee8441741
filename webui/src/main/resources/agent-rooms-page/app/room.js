// The state of a room: its runs, built from its events in any order of arrival.
//
// An event is added once, by its id. When the room gets a new epoch, earlier events
// stay, without their seq, which no longer means anything.
import { endDrafts } from './drafts.js';
import { readEvent } from './event.js';
import { readInput } from './input.js';
import { readResult, readSubmission } from './outcome.js';
import { addToRows, dropOldestRow, failure, hasFailed, rowsOf } from './rows.js';
import { between, list, number, object, text, textOrNull, time, whole } from './values.js';

// How much is kept. The page is a window: what is older is counted, and in the download.
const MAX_RUNS = 300;
const MAX_ROWS = 2000;
const MAX_STEPS = 100;

const STATUSES = ['accepted', 'queued', 'running', 'waiting', 'cancelling', 'succeeded', 'failed', 'cancelled'];

// A producer's clock that is further off than this is ignored.
const DAY = 24 * 60 * 60 * 1000;

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

/** The answer to a subscribe: epoch, seq, and whether events are missing. */
export function enter(room, message) {
  const { recovered } = message;
  const epoch = text(message.epoch, 128);
  const seq = whole(message.seq) ?? 0;
  const first = whole(message.first_seq) ?? 0;
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
  const event = readEvent(message);
  room.lastSeq = Math.max(room.lastSeq, event.seq ?? 0);
  const known = room.eventById.get(event.id);
  if (known) {
    known.seq = event.seq;
    place(room, known);
    return null;
  }
  room.eventById.set(event.id, event);
  place(room, event);
  const live = event.seq > room.loadedTo;
  const skew = between(event.at, Date.now());
  if (live && skew !== null && Math.abs(skew) < DAY) {
    room.skew = skew;
  }
  const run = runOf(room, event.runId, event.at);
  event.run = run;
  event.row = addToRows(run, event);
  if (run.rows.length > MAX_ROWS) {
    dropOldestRow(run).events.forEach((old) => forget(room, old));
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
    replaces: null, // the id of the run that it was asked instead of
    intent: null,
    waited: false, // whether it was queued
    steps: [], // those that begin a row
    reached: 0,
    status: 'accepted',
    createdAt: at,
    durationMs: null,
    traceId: null,
    correlationId: null,
    rows: [],
    running: [], // those of the rows that are
    calls: new Map(), // call id → its row
    droppedRows: 0,
    drawnRows: 0,
    input: null, // what it asks a person
    drafts: new Map(), // part → the text that is being written
    shownFrom: 0, // the first of its rows that is shown, counted with those that were dropped
    result: null,
    isElsewhere: false, // whether its result was too large to be sent along
    resultBytes: 0,
    failure: null,
    abandonedTool: null,
    submission: null,
    numQuestions: null,
    isNumberAsked: null, // by itself; not known of events of before
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

function place(room, event) {
  if (event.seq !== null) {
    room.eventBySeq.set(event.seq, event);
  }
}

function forget(room, event) {
  room.eventById.delete(event.id);
  room.eventBySeq.delete(event.seq);
}

export function isOver(run) {
  return ['succeeded', 'failed', 'cancelled', 'lost'].includes(run.status);
}

function tell(run, event) {
  const { step, meta } = event;
  endDrafts(run, event);
  run.traceId ??= textOrNull(meta.trace_id, 200);
  run.correlationId ??= textOrNull(meta.correlation_id, 200);
  run.question ??= textOrNull(meta.question, 8000);
  run.replaces ??= textOrNull(meta.replaces, 200);
  const place = run.steps.indexOf(step) + 1;
  // A failed run ends before its last step, whatever that is called.
  if (meta.status !== 'failed') {
    run.reached = Math.max(run.reached, place);
  }
  switch (step) {
    case 'queued':
      run.status = 'queued';
      run.waited = true;
      return;
    case 'intent_determined':
      run.status = 'running';
      run.intent = textOrNull(meta.intent, 64);
      run.steps = stepsOf(run, meta);
      run.numQuestions = number(meta.num_questions) ?? run.numQuestions;
      run.isNumberAsked = typeof meta.num_questions_asked === 'boolean' ? meta.num_questions_asked : null;
      run.reached = run.steps.indexOf(step) + 1;
      return;
    case 'input_required':
      run.status = 'waiting';
      run.input = readInput(meta);
      return;
    case 'input_received':
      run.status = 'running';
      run.input = null;
      return;
    case 'start_generate_exam':
      run.numQuestions = number(object(meta.input).num_questions) ?? run.numQuestions;
      break;
    case 'start_grading':
      run.submission = readSubmission(meta.input);
      break;
    case 'tool_error':
      run.failure = failure(event);
      break;
    case 'final_answer':
      run.status = hasFailed(event) ? 'failed' : 'succeeded';
      run.result = readResult(meta.result, meta.text);
      run.isElsewhere = Boolean(meta.result_url);
      run.resultBytes = number(meta.result_bytes) ?? 0;
      run.intent ??= textOrNull(meta.intent, 64);
      if (run.status === 'failed') {
        run.failure ??= { message: textOrNull(meta.error) ?? event.message };
      }
      end(run, event);
      return;
    case 'cancelled':
      run.status = 'cancelled';
      run.abandonedTool = textOrNull(meta.abandoned_tool, 128);
      end(run, event);
      return;
    default:
  }
  // A run that was given up as lost goes on.
  if (['accepted', 'queued', 'lost'].includes(run.status)) {
    run.status = 'running';
  }
}

function end(run, event) {
  run.input = null;
  run.durationMs = number(event.meta.duration_ms) ?? between(run.createdAt, event.at);
}

function stepsOf(run, meta) {
  const steps = rowsOf(list(meta.steps).slice(0, MAX_STEPS).map((step) => text(step, 64)));
  return run.waited && steps.length ? ['queued', ...steps] : steps;
}

/** Fills in from the run's own resource what its events did not say, or no longer can. */
export function learn(run, view) {
  run.question ??= textOrNull(view.question, 8000);
  run.intent ??= textOrNull(view.intent, 64);
  run.replaces ??= textOrNull(object(view.meta).replaces, 200);
  if (isOver(run)) {
    return;
  }
  run.status = STATUSES.includes(view.status) ? view.status : run.status;
  if (run.status === 'waiting' && (run.input === null || run.input.isElsewhere)) {
    run.input = readInput(object(view.waiting_for));
  }
  if (isOver(run)) {
    run.input = null;
    run.result = readResult(view.result, view.text);
    run.failure ??= view.status === 'failed' ? { message: textOrNull(view.error) } : null;
    run.durationMs = between(time(view.started_at ?? view.created_at), time(view.finished_at));
    stopRows(run);
  }
}

/** The agent no longer knows this run, and nothing will follow. */
export function lose(run) {
  run.status = 'lost';
  run.input = null;
  stopRows(run);
}

function stopRows(run) {
  run.running.forEach((row) => (row.status = 'stopped'));
  run.running = [];
}

/** The last attempt at an exam: what was submitted, and what came of it. */
export function attemptAt(room, examId) {
  const run = room.runs.findLast((each) => each.submission?.examId === examId);
  return run
    ? { run, answers: run.submission.answers, grade: run.result?.kind === 'grade' ? run.result : null }
    : null;
}

/** The run that made this exam, as far as it is here. */
export function quizRun(room, examId) {
  return room.runs.find((run) => run.result?.kind === 'quiz' && run.result.examId === examId);
}
