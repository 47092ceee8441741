// The list of sessions: those of the agent, and rooms that other producers fill.
import { isKnown } from './access.js';
import * as api from './api.js';
import { draw } from './draw.js';
import { app } from './store.js';
import { object, text, textOrNull, time } from './values.js';

const STATUSES = ['idle', 'queued', 'running', 'waiting', 'cancelling', 'succeeded', 'failed', 'cancelled'];
const PAGE = 30;
const MOST = 200;

let asked = 0;

/** Loads the list anew, as long as it is shown; or the page behind it. */
export async function refreshSessions(more = false) {
  if (!isKnown()) {
    return;
  }
  const { search, entries: shown, next } = app.sessions;
  const mine = ++asked;
  try {
    const page = await api.listSessions({
      limit: more ? PAGE : Math.min(MOST, Math.max(PAGE, shown.length)),
      after: more ? next : null,
      search: search.trim(),
    });
    if (mine !== asked) {
      return; // another search, or a later refresh, is under way
    }
    const entries = page.sessions.map(readEntry);
    const known = new Set(entries.map((entry) => entry.id));
    const rest = more ? shown.filter((entry) => !known.has(entry.id)) : [];
    change({ entries: [...rest, ...entries], next: textOrNull(page.next), state: 'ready', found: search.trim() });
  } catch {
    if (mine === asked) {
      change({ state: 'failed' });
    }
  }
  draw();
}

function change(what) {
  app.sessions = { ...app.sessions, ...what };
}

function readEntry(value) {
  const entry = object(value);
  const { session_id: id, status, last_active_at: at, run: going, last_run: last } = entry;
  const run = going ?? last;
  const of = status === 'idle' ? (object(run).status ?? 'idle') : status;
  return {
    id: text(id, 128),
    status: STATUSES.includes(of) ? of : 'idle',
    // What people call it, or else its first question.
    name: textOrNull(entry.title, 200),
    question: textOrNull(object(run).question, 200),
    // Filled by a producer elsewhere, whose work cannot be cancelled from here.
    pushed: entry.pushed === true,
    createdAt: text(entry.created_at, 40),
    activeAt: time(at),
  };
}

export const nameOf = (entry) => entry.name ?? entry.question ?? entry.id;

let soon = 0;

/** Refreshes the list, once for everything that happens in the same moment. */
export function refreshSessionsSoon() {
  if (!soon) {
    soon = setTimeout(() => {
      soon = 0;
      refreshSessions();
    }, 300);
  }
}

let typing = 0;

/** Searches titles and questions, in the store, once the typing pauses. */
export function searchSessions(search) {
  change({ search });
  clearTimeout(typing);
  typing = setTimeout(refreshSessions, search ? 200 : 0);
  draw();
}

export function forgetEntry(id) {
  change({ entries: app.sessions.entries.filter((entry) => entry.id !== id) });
}

export function nameEntry(id, name) {
  change({
    entries: app.sessions.entries.map((entry) => (entry.id === id ? { ...entry, name } : entry)),
  });
}
