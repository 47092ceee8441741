// The work behind an answer in one line: what it does now, with its clock; when it is over, what it took.
import { cancel } from '../asking.js';
import { toggle } from '../folding.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { isOver } from '../room.js';
import { rowTitle } from '../words.js';
import { icon } from './icons.js';

/** Whether the steps are shown: on demand, and of the latest run to those who want details. */
export function isLogOpen(app, run) {
  const byHand = app.open.get(`run ${run.id}`);
  const isLatest = run === app.room.runs.at(-1) || run.id === app.current || !isOver(run);
  return byHand ?? (app.details && isLatest);
}

export function work(app, run, { open, status, pushed }) {
  return html`<div class="work">
    <button
      class="fold"
      aria-expanded=${String(open)}
      aria-controls="${run.key}-log"
      @click=${() => toggle(`run ${run.id}`, open)}
    >
      <span class="mark">${icon(MARKS[status] ?? 'dot')}</span>
      <span class="words">${isOver(run) ? past(run) : present(app, run, status, pushed)}</span>
      ${icon('fold')}
    </button>
    ${run.id && !isOver(run) && !pushed ? stop(run, status === 'cancelling') : nothing}
  </div>`;
}

const MARKS = { succeeded: 'check', failed: 'cross', cancelled: 'stop', lost: 'warning', waiting: 'person', queued: 'clock' };

function past(run) {
  const steps = run.droppedRows + run.rows.filter((row) => !ENDS.includes(row.step)).length;
  return html`<span class="state ${run.status}">${t(`status.${run.status}`)}</span>
    ${steps ? html`<span>${count('work.steps', steps)}</span>` : nothing}
    ${run.durationMs === null ? nothing : html`<span>${format.took(run.durationMs)}</span>`}`;
}

const ENDS = ['final_answer', 'cancelled'];

function present(app, run, status, pushed) {
  const row = run.running.at(-1) ?? run.rows.at(-1);
  // What it does says more than that it runs.
  const isToldByState = status === 'cancelling' || status === 'waiting' || !row;
  const now = row ? rowTitle(row) : t('run.sent');
  return html`<span class="state ${status} ${isToldByState ? '' : 'unseen'}">${stateOf(status, pushed)}</span>
    <bdi class="now">${now}</bdi>
    ${clock(app, row)}
    ${run.steps.length
      ? html`<span class="place">${t('run.progress', { n: run.reached, all: run.steps.length })}</span>`
      : nothing}`;
}

function stateOf(status, pushed) {
  return t(pushed && status === 'waiting' ? 'status.waitsElsewhere' : `status.${status}`);
}

function clock(app, row) {
  if (!row || row.startedAt === null || row.status !== 'running') {
    return nothing;
  }
  // Nobody knows how it goes on while the connection is away.
  const now = app.connection.lostAt ?? Date.now();
  return html`<span class="clock">${format.duration(now - app.room.skew - row.startedAt, 0)}</span>`;
}

function stop(run, cancelling) {
  return html`<button
    class="small cancel"
    aria-disabled=${cancelling ? 'true' : nothing}
    @click=${() => cancelling || cancel(run)}
  >
    ${icon('halt')}${cancelling ? t('run.cancelling') : t('run.cancel')}
  </button>`;
}
