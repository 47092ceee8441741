// Which parts are expanded, and how far.
import { draw } from './draw.js';
import { isOver } from './room.js';
import { app } from './store.js';

export function toggle(name, isOpen) {
  app.open.set(name, !isOpen);
  stay();
  draw();
}

export function showMoreRows(run, shown) {
  app.shownRows.set(run.id, shown);
  draw();
}

export function showMoreRuns(shown) {
  app.shownRuns = shown;
  draw();
}

// What opens below the newest step must not move what somebody has just opened.
function stay() {
  const newest = app.room?.runs.find((run) => run.key === app.newest);
  app.follows &&= newest !== undefined && !isOver(newest);
}
