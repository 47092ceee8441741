// Where one was in each session: what was seen at the top, and what was open. Whoever comes back finds it so.
import { app } from './store.js';

const MOST = 50;

const positions = new Map(); // session id → { runId, top, open, shownRuns }, the latest at the end

/**
 * When another session is about to be shown.
 *
 * @param seen { highest, atEnd }: the line below which the page is seen, and whether that is its end
 */
export function keepPosition({ highest, atEnd }) {
  const { room } = app;
  if (!room?.entered) {
    return;
  }
  positions.delete(room.sessionId);
  // Whoever was at its end wants to be there again, however long it has become.
  const run = atEnd ? null : firstSeen(room, highest);
  if (run) {
    const { top } = document.getElementById(run.key).getBoundingClientRect();
    const open = new Map([...app.open].filter(([key]) => key.startsWith('run ') || key.startsWith('question ')));
    positions.set(room.sessionId, { runId: run.id, top, open, shownRuns: app.shownRuns });
  }
  if (positions.size > MOST) {
    positions.delete(positions.keys().next().value);
  }
}

function firstSeen(room, highest) {
  return room.runs.find((run) => document.getElementById(run.key)?.getBoundingClientRect().bottom > highest);
}

/** Where one was in this session; undefined when one was at its end, or never there. */
export function positionIn(sessionId) {
  return positions.get(sessionId);
}
