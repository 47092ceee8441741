// Where one stands: the session and the event in the address, and what is scrolled to.
import { draw } from './draw.js';
import { t } from './i18n.js';
import { app } from './store.js';
import { openRoom } from './watching.js';

/** What ids of sessions and runs look like. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

let followed = null; // an element's id, until it is drawn and in view

export function sessionAddress(sessionId) {
  return sessionId ? `?session=${encodeURIComponent(sessionId)}` : '/';
}

/** Shows another session, or the empty page; the address follows. */
export function goTo(sessionId) {
  history.pushState(null, '', sessionAddress(sessionId));
  openFromAddress();
}

export function openFromAddress() {
  const asked = new URLSearchParams(location.search).get('session');
  const sessionId = asked && ID.test(asked) ? asked : null;
  if (sessionId !== (app.room?.sessionId ?? null)) {
    openRoom(sessionId);
  }
  app.askProblem =
    asked && !sessionId ? { text: t('ask.badSession'), field: 'session_id' } : app.askProblem;
  document.title = sessionId ? `${sessionId} · Agent Rooms` : 'Agent Rooms';
  app.menu = false;
  goToTarget();
  draw();
}

export function goToTarget() {
  const seq = /^#\d{1,15}$/.test(location.hash) ? Number(location.hash.slice(1)) : null;
  app.target = seq;
  app.missingSeq = null;
  const event = seq && app.room?.eventBySeq.get(seq);
  if (event) {
    const { run, row } = event;
    app.open.set(`run ${run.id}`, true);
    app.open.set(`row ${row.key}`, true);
    app.shownRows.set(run.id, Math.max(60, run.rows.length - run.rows.indexOf(row)));
    app.shownRuns = Math.max(app.shownRuns, app.room.runs.length - app.room.runs.indexOf(run));
    follow(`event-${seq}`, 'center');
  } else if (seq && app.room?.lastSeq >= app.room?.loadedTo) {
    app.missingSeq = seq;
  }
  draw();
}

/** Brings the element with this id into view as soon as there is one. */
export function follow(id, block) {
  followed = { id, block };
}

export function scrollToFollowed() {
  const element = followed && document.getElementById(followed.id);
  if (element) {
    const { top } = element.getBoundingClientRect();
    if (followed.block !== 'start' || top < 0 || top > innerHeight * 0.4) {
      element.scrollIntoView({ block: followed.block });
    }
    followed = null;
  }
}
