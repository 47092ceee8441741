// Runs that were asked instead of one another, with a change or without. All are kept; one of each group
// is seen, at the place of its newest.
import { draw } from './draw.js';
import { app } from './store.js';

/**
 * @returns groups of runs, each in the order in which they were asked, and by their newest; most are of one
 */
export function branches(runs) {
  const groupOf = new Map(); // run id → its group
  const groups = new Set(); // in the order of what was added to them last
  for (const run of runs) {
    const group = groupOf.get(run.replaces) ?? [];
    group.push(run);
    groupOf.set(run.id, group);
    groups.delete(group);
    groups.add(group);
  }
  return [...groups];
}

/** The one of a group that is seen: the newest, unless somebody looks at another. */
export function seen(group) {
  return group.find((run) => run.id === app.branch.get(group[0].id)) ?? group.at(-1);
}

export function showBranch(run) {
  const group = branches(app.room.runs).find((each) => each.includes(run));
  if (group?.length > 1) {
    app.branch.set(group[0].id, run.id);
    draw();
  }
}
