// Deleting sessions. A delete is sent when the time to undo it is over, or when the page is left.
//
// Until the server has confirmed it, the browser remembers it, so that a delete that could not be sent is
// made up for when the page is opened again.
import * as api from './api.js';
import { say, warn } from './announcer.js';
import { isKnown } from './access.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { goTo } from './places.js';
import { forgetEntry, nameOf, refreshSessions } from './sessions.js';
import { app } from './store.js';
import { isObject, list, text } from './values.js';

const UNDO_TIME = 10_000;
const KEPT = 'agent-rooms.deleting';

const timers = new Map(); // session id → timer

export function deleteSession(entry) {
  const { id, createdAt } = entry;
  const wasOpen = app.room?.sessionId === id;
  app.sessionMenu = null;
  app.deleting.set(id, { id, createdAt, name: nameOf(entry), wasOpen, sent: false, failed: false });
  remember();
  start(id);
  if (wasOpen) {
    goTo(null);
  }
  say(t('delete.done', { name: nameOf(entry) }));
  draw();
}

export function undoDelete(item) {
  drop(item.id);
  say(t('delete.undone'));
  if (item.wasOpen && !app.room) {
    goTo(item.id);
  }
  draw();
}

export function retryDelete(item) {
  item.failed = false;
  send(item);
  draw();
}

/** The time to undo stands still while somebody is at the button. */
export function holdDeletes() {
  timers.forEach(clearTimeout);
  timers.clear();
}

export function goOnDeleting() {
  app.deleting.forEach((item) => !item.sent && start(item.id));
}

/** The page is being left: what is not undone by now is meant. */
export function sendDeletes() {
  app.deleting.forEach((item) => !item.sent && send(item));
}

/** Takes up what an earlier visit has left, and what other tabs undo meanwhile. */
export async function resumeDeletes() {
  addEventListener('pagehide', sendDeletes);
  addEventListener('storage', ({ key }) => key === KEPT && forgetUndone());
  if (!isKnown()) {
    return; // whoever has deleted them will be back
  }
  for (const { id, createdAt, name } of kept() ?? []) {
    const item = { id, createdAt, name, wasOpen: false, sent: true, failed: false };
    app.deleting.set(id, item);
    // The id may be that of another session by now.
    const there = await api.readSession(id).catch((refusal) => (refusal.status === 404 ? null : item));
    if (there === item) {
      fail(item);
    } else if (text(there?.created_at, 40) === createdAt && createdAt) {
      await send(item);
    } else {
      drop(id);
    }
  }
  draw();
}

function start(id) {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => send(app.deleting.get(id)), UNDO_TIME),
  );
}

async function send(item) {
  if (!item) {
    return;
  }
  clearTimeout(timers.get(item.id));
  timers.delete(item.id);
  item.sent = true;
  try {
    await api.deleteSession(item.id);
    done(item);
  } catch (refusal) {
    if (refusal.status === 404) {
      done(item);
    } else {
      fail(item);
    }
  }
  draw();
}

function done({ id }) {
  forgetEntry(id);
  drop(id);
  refreshSessions();
}

function fail(item) {
  item.failed = true;
  warn(t('delete.failed', { name: item.name }));
}

function drop(id) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  app.deleting.delete(id);
  remember();
}

function forgetUndone() {
  const left = new Set((kept() ?? []).map(({ id }) => id));
  for (const { id, sent } of app.deleting.values()) {
    if (!sent && !left.has(id)) {
      clearTimeout(timers.get(id));
      timers.delete(id);
      app.deleting.delete(id);
    }
  }
  refreshSessions();
}

function remember() {
  try {
    const items = [...app.deleting.values()].map(({ id, createdAt, name }) => ({ id, createdAt, name }));
    if (items.length) {
      localStorage.setItem(KEPT, JSON.stringify(items));
    } else {
      localStorage.removeItem(KEPT);
    }
  } catch {
    // Without storage, which a browser may forbid, only what could not be sent is forgotten.
  }
}

function kept() {
  try {
    return list(JSON.parse(localStorage.getItem(KEPT) ?? '[]'))
      .filter(isObject)
      .map(({ id, createdAt, name }) => ({ id: text(id, 128), createdAt: text(createdAt, 40), name: text(name, 200) }));
  } catch {
    return null;
  }
}
