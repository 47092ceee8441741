// From the events of a run to the rows of its timeline: one row per step, whose beginning and end
// are two events.

const ENDS = {
  start_retrieval: 'retrieval_done',
  start_generate_exam: 'generate_done',
  start_grading: 'grading_done',
};

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
    row.end = ENDS[step] ?? `${step.slice('start_'.length)}_done`;
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
      const status = { error: 'failed', warning: 'warning' }[event.level] ?? 'done';
      const row = point(run, event, status);
      row.input = shown(meta, 'input');
      row.output = shown(meta, 'output');
      return row;
    }
  }
}

function point(run, event, status) {
  const row = {
    key: event.event_id,
    step: event.step,
    tool: event.tool,
    status,
    startedAt: event.at,
    endedAt: status === 'running' ? null : event.at,
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
  row.endedAt = event.at;
  row.durationMs = event.at - row.startedAt;
  return row;
}

export function failure({ tool, message, meta }) {
  return {
    tool: meta.tool ?? tool,
    reason: meta.reason,
    status: meta.status,
    attempts: meta.attempts,
    message,
  };
}

/** What an event shows of a tool's input or output: the value, or how long it would have been. */
function shown(meta, name) {
  if (meta[name] !== undefined) {
    return { value: meta[name] };
  }
  const bytes = meta[`${name}_bytes`];
  return bytes === undefined ? null : { bytes };
}
