// What is scrolled to: the element that somebody asked for, or else the newest step, for as long as
// they read along. It stops when the user scrolls away.
import { draw } from './draw.js';
import { app } from './store.js';

// So near to its end somebody still reads along, in pixels.
const NEAR = 90;
const GAP = 12;
const HOLD = 1000; // milliseconds

let wanted = null; // { id, block }: an element, until it is drawn and in view
let held = null; // { id, top, until }: an element that is kept at this height while what is around it is drawn

/** Brings the element with this id into view as soon as there is one. */
export function bringIntoView(id, block) {
  wanted = { id, block };
  held = null;
}

/**
 * Brings the element with this id to this height, and keeps it there for a moment: texts above it are drawn a little
 * later. Whoever scrolls meanwhile is free to.
 */
export function bringBack(id, top) {
  held = { id, top, until: performance.now() + HOLD };
}

for (const type of ['wheel', 'touchmove', 'keydown', 'pointerdown']) {
  addEventListener(type, () => (held = null), { passive: true });
}

/** Where the page is seen: below which line, and whether its end is in view. */
export function seenNow() {
  return { highest: highest(), atEnd: pixelsBelow(null) <= NEAR };
}

/** From now on this run is the one to be followed; as long as its newest step is in view, or at once. */
export function newestIs(run, follow = pixelsBelow(null) <= NEAR) {
  if (app.newest !== run.key || follow) {
    app.newest = run.key;
    app.follows = follow;
    app.unseen = 0;
  }
}

export function toNewest() {
  app.follows = true;
  app.unseen = 0;
  keepUp();
  // The button that was pressed goes away; whoever goes on by keyboard does so from here.
  document.querySelector(`#${app.newest} .fold`)?.focus({ preventScroll: true });
  draw();
}

export function scrollAfterDraw() {
  if (held && !wanted) {
    const { top } = document.getElementById(held.id)?.getBoundingClientRect() ?? held;
    scrollBy({ top: top - held.top, behavior: 'instant' });
    held = performance.now() < held.until ? held : null;
    return;
  }
  const element = wanted && document.getElementById(wanted.id);
  if (element) {
    const { top } = element.getBoundingClientRect();
    if (wanted.block !== 'start' || top < highest() || top > innerHeight * 0.4) {
      element.scrollIntoView({ block: wanted.block });
    }
    wanted = null;
  } else if (app.newest && app.follows) {
    keepUp();
  }
}

export function noticeScroll() {
  const follows = pixelsBelow(app.newest) <= NEAR;
  if (follows !== app.follows) {
    app.follows = follows;
    app.unseen = 0;
    draw();
  }
}

function keepUp() {
  const below = pixelsBelow(app.newest);
  if (below > 0) {
    scrollBy({ top: below, behavior: 'instant' });
  }
}

/** How much further one has to scroll to see the newest of this run; of none: the end of the page. */
function pixelsBelow(key) {
  const card = key && document.getElementById(key);
  if (!card) {
    return document.documentElement.scrollHeight - innerHeight - scrollY;
  }
  const end = card.getBoundingClientRect().bottom + GAP - lowest();
  // Of a result that is longer than the window its beginning is what one wants to see.
  const outcome = card.querySelector('.outcome');
  return outcome ? Math.min(end, outcome.getBoundingClientRect().top - highest() - GAP) : end;
}

// Between these two lines the page is seen: what sticks to the window's edges covers the rest.
function highest() {
  return Math.max(0, bottomOf('.top')) + (stuckHeader()?.offsetHeight ?? 0);
}

function lowest() {
  const composer = document.querySelector('.composer');
  return composer ? Math.min(innerHeight, composer.getBoundingClientRect().top) : innerHeight;
}

function bottomOf(selector) {
  return document.querySelector(selector)?.getBoundingClientRect().bottom ?? 0;
}

function stuckHeader() {
  const header = document.querySelector(`#${app.newest} > header`);
  return header && getComputedStyle(header).position === 'sticky' ? header : null;
}
