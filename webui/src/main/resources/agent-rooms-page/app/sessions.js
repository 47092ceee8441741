// The list of the sessions that the agent knows.
import * as api from './api.js';
import { draw } from './draw.js';
import { app } from './store.js';

export async function refreshSessions(more = false) {
  const { sessions } = app;
  try {
    const page = await api.listSessions(more ? sessions.next : null);
    const known = new Set(page.sessions.map((entry) => entry.session_id));
    const rest = sessions.entries.filter((entry) => !known.has(entry.session_id));
    app.sessions = more
      ? { entries: [...rest, ...page.sessions], next: page.next ?? null, state: 'ready' }
      : { entries: page.sessions, next: page.next ?? null, state: 'ready' };
  } catch {
    app.sessions = { ...sessions, state: 'failed' };
  }
  draw();
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
