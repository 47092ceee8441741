// From the events of a run to the rows of its timeline: one row per step, whose beginning and end
// are two events.
import { between, number, textOrNull } from './values.js';

const ENDS = new Map([
  ['start_retrieval', 'retrieval_done'],
  ['start_generate_exam', 'generate_done'],
  ['start_grading', 'grading_done'],
]);

/** The step that ends the row which this one begins; null when it begins none that lasts. */
function endOf(step) {
  return step.startsWith('start_') ? (ENDS.get(step) ?? `${step.slice('start_'.length)}_done`) : null;
}

/** Of the steps that a run will take, those that begin a row. */
export function rowsOf(steps) {
  const ends = new Set(steps.map(endOf));
  return steps.filter((step) => !ends.has(step));
}

/** Takes one event into `run.rows`. */
export function addToRows(run, event) {
  const row = rowOf(run, event);
  row.events.push(event);
  return row;
}

function rowOf(run, event) {
  const { step, meta } = event;
  const running = run.running.at(-1);
  if (step === 'queued' || step.startsWith('start_')) {
    const row = point(run, event, 'running');
    row.end = endOf(step);
    row.input = shown(meta, 'input');
    return row;
  }
  switch (step) {
    case 'tool_retry':
      if (running) {
        running.retries += 1;
        return running;
      }
      return point(run, event, 'warning');
    case 'tool_error': {
      const failed = running ?? point(run, event, 'failed');
      failed.failure = failure(event);
      return finish(run, failed, event, 'failed');
    }
    case 'intent_determined':
      if (running?.step === 'queued') {
        finish(run, running, event, 'done');
      }
      return point(run, event, 'done');
    case 'final_answer':
    case 'cancelled': {
      const stopped = step === 'cancelled' ? 'stopped' : 'failed';
      [...run.running].forEach((row) => finish(run, row, event, stopped));
      const failed = step === 'final_answer' && meta.status === 'failed';
      return point(run, event, step === 'cancelled' ? 'stopped' : failed ? 'failed' : 'done');
    }
    default: {
      const begun = run.running.findLast((row) => row.end === step);
      if (begun) {
        begun.output = shown(meta, 'output');
        return finish(run, begun, event, event.level === 'error' ? 'failed' : 'done');
      }
      const status = { error: 'failed', warning: 'warning', info: 'done' }[event.level];
      const row = point(run, event, status);
      row.input = shown(meta, 'input');
      row.output = shown(meta, 'output');
      return row;
    }
  }
}

function point(run, event, status) {
  const row = {
    key: event.id,
    step: event.step,
    tool: event.tool,
    status,
    startedAt: event.at,
    durationMs: null,
    retries: 0,
    input: null,
    output: null,
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
