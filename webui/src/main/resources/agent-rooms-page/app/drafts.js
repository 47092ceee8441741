// Text that a run is writing: pieces without a place among the events, which go when the event with
// the whole text comes.
import { openFence } from './fence.js';
import { text, whole } from './values.js';

/** Of a longer text, its end is shown: so many characters. */
export const SHOWN = 20_000;

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
  const draft = offset === 0 ? emptyDraft() : known;
  run.drafts.set(part, draft);
  draft.length += lengthOf(piece);
  draft.open += piece.replaceAll('\r', '');
  // Not each time, or a long text would be copied with each of its words.
  if (draft.open.length > 2 * SHOWN) {
    leaveOut(draft, SHOWN);
  }
  return { run, draft, isNew: draft !== known };
}

function emptyDraft() {
  return {
    length: 0, // in code points, as the server counts
    settled: 0, // so many characters are drawn for good, or were left out
    open: '', // what follows them
  };
}

/** The next so many characters are drawn for good. */
export function settle(draft, length) {
  draft.settled += length;
  draft.open = draft.open.slice(length);
}

const LONGEST_FENCE = 100;

/** Leaves out the beginning of what is open, where it is longer, up to the end of a line; code stays code. */
export function leaveOut(draft, most) {
  const least = draft.open.length - most;
  if (least <= 0) {
    return;
  }
  const line = draft.open.indexOf('\n', least) + 1;
  const cut = line || least + (/^[\uDC00-\uDFFF]/.test(draft.open.slice(least, least + 1)) ? 1 : 0);
  const begun = openFence(draft.open.slice(0, cut));
  const fence = begun === null ? '' : `${begun.slice(0, LONGEST_FENCE)}\n`;
  draft.settled += cut - fence.length;
  draft.open = fence + draft.open.slice(cut);
}

function lengthOf(piece) {
  let length = 0;
  for (const _ of piece) {
    length += 1;
  }
  return length;
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
