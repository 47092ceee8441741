// A text while it is written, as Markdown. What is settled is drawn once; only the block that is being written is
// drawn anew, and that so seldom that most of the time is left for everything else.
import { SHOWN, leaveOut, settle } from './drafts.js';
import { draw } from './draw.js';

const SOONEST = 80; // milliseconds from one time to the next
// And so many times what it took to read it, which a worker does, and to put it there, which the browser draws besides.
const READ = 3;
const PUT = 16;

// So many characters are read and made at once. Of a block that is longer than that, its end is shown: a browser lays
// out a paragraph as a whole.
const MOST = 8000;
const LEFT = 6000;

const drawn = new WeakMap(); // draft → { element, blocks, … }

/** The element in which it is drawn. */
export function writingOf(draft) {
  const view = viewOf(draft);
  follow(draft, view);
  return view.element;
}

/** More has been written. */
export function goOnWriting(draft) {
  follow(draft, viewOf(draft));
}

function viewOf(draft) {
  const known = drawn.get(draft);
  if (known) {
    return known;
  }
  const element = document.createElement('div');
  element.className = 'markdown';
  const view = { element, blocks: [], open: [], seen: 0, characters: 0, headings: [], busy: false, plain: false };
  drawn.set(draft, view);
  return view;
}

const end = (draft) => draft.settled + draft.open.length;

function follow(draft, view) {
  if (!view.busy && view.seen !== end(draft)) {
    view.busy = true;
    view.seen = end(draft);
    next(draft, view);
  }
}

async function next(draft, view) {
  leaveOut(draft, SHOWN);
  const from = draft.settled;
  const text = draft.open.slice(0, MOST);
  const isPart = text.length < draft.open.length;
  const asked = performance.now();
  const piece = view.plain ? null : await rendered(text, view.headings);
  const begun = performance.now();
  if (piece && isPart && piece.length === 0) {
    leaveOut(draft, LEFT);
    next(draft, view);
    return;
  }
  if (piece) {
    view.headings = piece.headings;
    put(view, isPart ? { ...piece, open: [] } : piece);
    settle(draft, Math.max(0, from + piece.length - draft.settled));
  } else {
    view.plain = true;
    view.element.className = 'plain';
    view.element.textContent = draft.open.slice(-MOST);
  }
  if (isPart && piece) {
    view.seen = -1; // there is more
  }
  draw();
  const pause = Math.max(SOONEST, READ * (begun - asked), PUT * (performance.now() - begun));
  setTimeout(() => {
    view.busy = false;
    follow(draft, view);
  }, pause);
}

async function rendered(text, headings) {
  try {
    const { renderPiece } = await import('./markdown.js');
    return await renderPiece(text, headings);
  } catch {
    return null; // it can be read without
  }
}

function put(view, { settled, open }) {
  view.open.forEach((node) => node.remove());
  view.element.append(...settled, ...open);
  view.open = open;
  for (const node of settled) {
    const { length } = node.textContent;
    view.characters += length;
    view.blocks.push({ node, length });
  }
  while (view.characters > SHOWN && view.blocks.length > 1) {
    const { node, length } = view.blocks.shift();
    view.characters -= length;
    node.remove();
  }
}
