// From the events of a run to the rows of its timeline: one row per step, whose beginning, retries and
// end are events of their own. Steps may have any name:
//
// - Events with the same `meta.call_id` are one row. Its first event begins it, unless that one already
//   has the marks of an end (see `isEnd`), because the beginning is no longer retained.
// - Producers that name no calls are read by step and tool: `start_crawl` begins a row, and `crawl_done`,
//   `crawl_failed` or the next event of the same tool ends it.
// - Any other event is a row of its own, which has no duration.
import { between, number, textOrNull } from './values.js';

const START = /^start_/;
const END = /_(?:done|failed)$/;
// A step that asks a person goes on when it is answered.
const ASKING = ['input_required', 'input_received'];

// The longest credible duration of a step in milliseconds: eleven days.
const LONGEST = 1e9;

/** Of the steps that a run will take, those that begin a row. */
export function rowsOf(steps) {
  return steps.filter((step) => !END.test(step));
}

/** Takes one event into `run.rows`. */
export function addToRows(run, event) {
  const row = endsRun(event) ? lastRow(run, event) : rowOf(run, event);
  row.events.push(event);
  return row;
}

function endsRun({ step }) {
  return step === 'final_answer' || step === 'cancelled';
}

/** Whether an event says that its step, or its run, has failed. */
export function hasFailed({ level, meta }) {
  return meta.status === 'failed' || (meta.status !== 'succeeded' && level === 'error') || meta.failed === true;
}

function lastRow(run, event) {
  const isCancelled = event.step === 'cancelled';
  const status = isCancelled ? 'stopped' : hasFailed(event) ? 'failed' : 'done';
  [...run.running].forEach((row) => finish(run, row, event, status));
  return newRow(run, event, status);
}

function rowOf(run, event) {
  if (event.step !== 'queued' && event.step !== 'events_lost') {
    run.running.filter((row) => row.step === 'queued').forEach((row) => finish(run, row, event, 'done'));
  }
  const call = textOrNull(event.meta.call_id, 200);
  const known = call === null ? begunBy(run, event) : run.calls.get(call);
  if (known) {
    goOn(run, known, event);
    return known;
  }
  const row = newRow(run, event, firstStatus(event, call));
  if (call !== null) {
    row.call = call;
    run.calls.set(call, row);
  }
  if (row.status === 'failed' && (call !== null || event.step === 'tool_error')) {
    row.failure = failure(event);
  }
  row.retries = isRetry(event) && row.status === 'running' ? 1 : 0;
  return row;
}

/** The row that an event without a call id belongs to; null when it gets one of its own. */
function begunBy(run, event) {
  const { step, tool } = event;
  const ofTool = tool === null ? undefined : run.running.findLast((row) => row.tool === tool);
  if (isRetry(event) || step === 'tool_error') {
    return ofTool ?? run.running.at(-1) ?? null;
  }
  if (START.test(step)) {
    return null;
  }
  const subject = END.test(step) ? `start_${step.replace(END, '')}` : null;
  return run.running.findLast((row) => row.step === subject) ?? (event.level === 'warning' ? null : ofTool) ?? null;
}

function firstStatus(event, call) {
  const { step, level } = event;
  if (step === 'tool_error' || level === 'error') {
    return 'failed';
  }
  const lasts = call === null ? step === 'queued' || START.test(step) : !isEnd(event);
  return lasts ? 'running' : level === 'warning' ? 'warning' : 'done';
}

function goOn(run, row, event) {
  row.input ??= shown(event.meta, 'input') ?? shown(event.meta, 'arguments');
  row.output = shown(event.meta, 'output') ?? row.output;
  if (isRetry(event) || START.test(event.step)) {
    again(run, row);
  } else if (event.step === 'tool_error' || /_failed$/.test(event.step) || hasFailed(event)) {
    row.failure = failure(event);
    finish(run, row, event, 'failed');
  } else if (isEnd(event) || !isMore(row, event)) {
    finish(run, row, event, row.failure ? 'failed' : 'done');
  }
}

function again(run, row) {
  row.retries += 1;
  row.failure = null;
  if (row.status !== 'running') {
    row.status = 'running';
    run.running.push(row);
  }
}

function isRetry({ step }) {
  return step === 'tool_retry';
}

function isEnd({ step, meta }) {
  return END.test(step) || shown(meta, 'output') !== null || lasted(meta) !== null;
}

/** Whether a step that is under way only has more to say. */
function isMore(row, { step, meta }) {
  return step === row.step || ASKING.includes(step) || shown(meta, 'arguments') !== null;
}

/** For how long an event's step went on, where it says so and that can be. */
function lasted({ duration_ms: ms }) {
  return number(ms) !== null && ms >= 0 && ms < LONGEST ? ms : null;
}

function newRow(run, event, status) {
  const { meta } = event;
  const row = {
    key: event.id,
    step: event.step,
    tool: event.tool,
    call: null,
    status,
    startedAt: event.at,
    durationMs: endsRun(event) ? null : lasted(meta),
    retries: 0,
    input: shown(meta, 'input') ?? shown(meta, 'arguments'),
    output: shown(meta, 'output'),
    failure: null,
    events: [],
  };
  run.rows.push(row);
  if (status === 'running') {
    run.running.push(row);
  }
  return row;
}

function finish(run, row, event, status) {
  run.running = run.running.filter((each) => each !== row);
  row.status = status;
  row.durationMs = between(row.startedAt, event.at);
}

/** No longer holds a row that is not shown any more. */
export function dropOldestRow(run) {
  const row = run.rows.shift();
  run.calls.delete(row.call);
  run.droppedRows += 1;
  return row;
}

export function failure({ tool, message, meta }) {
  return {
    tool: textOrNull(meta.tool, 128) ?? tool,
    reason: textOrNull(meta.reason, 500),
    status: textOrNull(meta.status, 100),
    attempts: number(meta.attempts) ?? 1,
    message,
  };
}

/** What an event shows of a tool's input or output: the value, or how long it would have been. */
function shown(meta, name) {
  if (meta[name] !== undefined) {
    return { value: meta[name] };
  }
  const bytes = number(meta[`${name}_bytes`]);
  return bytes === null ? null : { bytes };
}
