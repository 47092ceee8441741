// Text that a run is writing: pieces without a place among the events, which go when the event with
// the whole text comes.
import { text, whole } from './values.js';

// Of a longer text, its end is shown.
const SHOWN = 20_000;

/** Takes a piece in. One that does not follow on what is here is dropped: the whole text comes later. */
export function write(room, message) {
  const run = room.runById.get(text(message.run_id, 200));
  const part = text(message.part, 80);
  const offset = whole(message.offset) ?? 0;
  const piece = typeof message.text === 'string' ? message.text : '';
  if (!run || !part || !piece) {
    return null;
  }
  const known = run.drafts.get(part);
  if (offset !== (known?.length ?? 0) && offset !== 0) {
    return null;
  }
  const before = offset === 0 ? '' : known.text;
  run.drafts.set(part, { length: offset + [...piece].length, text: tail(before + piece) });
  return run;
}

function tail(text) {
  return text.length <= SHOWN ? text : text.slice(-SHOWN).replace(/^[\uDC00-\uDFFF]/, '');
}

/** Drops what an event ends. */
export function endDrafts(run, { step, meta }) {
  if (run.drafts.size === 0) {
    return;
  }
  if (step === 'final_answer' || step === 'cancelled') {
    run.drafts.clear();
    return;
  }
  run.drafts.delete(meta.part);
  if (step.endsWith('_done')) {
    const name = step.slice(0, -'_done'.length);
    [...run.drafts.keys()].filter((part) => part.split(/[.-]/)[0] === name).forEach((part) => run.drafts.delete(part));
  }
}
