// Which parts are expanded, and how far.
import { draw } from './draw.js';
import { app } from './store.js';

export function toggle(name, isOpen) {
  app.open.set(name, !isOpen);
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
