// The list of the agent's sessions.
import * as api from './api.js';
import { draw } from './draw.js';
import { app } from './store.js';
import { object, text, textOrNull, time } from './values.js';

const STATUSES = ['idle', 'queued', 'running', 'waiting', 'cancelling', 'succeeded', 'failed', 'cancelled'];

export async function refreshSessions(more = false) {
  const { sessions } = app;
  try {
    const page = await api.listSessions(more ? sessions.next : null);
    const entries = page.sessions.map(readEntry);
    const known = new Set(entries.map((entry) => entry.id));
    const rest = more ? sessions.entries.filter((entry) => !known.has(entry.id)) : [];
    app.sessions = { entries: [...rest, ...entries], next: textOrNull(page.next), state: 'ready' };
  } catch {
    app.sessions = { ...sessions, state: 'failed' };
  }
  draw();
}

function readEntry(value) {
  const entry = object(value);
  const { session_id: id, status, last_active_at: at, run: going, last_run: last } = entry;
  const run = going ?? last;
  const of = status === 'idle' ? (object(run).status ?? 'idle') : status;
  return {
    id: text(id, 128),
    status: STATUSES.includes(of) ? of : 'idle',
    question: textOrNull(object(run).question ?? entry.title, 200),
    // Filled by a producer elsewhere, whose work cannot be cancelled from here.
    pushed: entry.pushed === true,
    activeAt: time(at),
  };
}

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
