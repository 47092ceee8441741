// The event that the address names: opened, brought into view and marked.
import { showBranch } from './branches.js';
import { draw } from './draw.js';
import { bringIntoView } from './scrolling.js';
import { app } from './store.js';

export function goToTarget() {
  const seq = /^#\d{1,15}$/.test(location.hash) ? Number(location.hash.slice(1)) : null;
  app.target = seq;
  app.missingSeq = null;
  const event = seq && app.room?.eventBySeq.get(seq);
  if (event) {
    const { run, row } = event;
    showBranch(run);
    app.open.set(`run ${run.id}`, true);
    app.open.set(`row ${row.key}`, true);
    app.shownRows.set(run.id, Math.max(60, run.rows.length - run.rows.indexOf(row)));
    app.shownRuns = Math.max(app.shownRuns, app.room.runs.length - app.room.runs.indexOf(run));
    bringIntoView(`event-${seq}`, 'center');
  } else if (seq && app.room?.lastSeq >= app.room?.loadedTo) {
    app.missingSeq = seq;
  }
  draw();
}
