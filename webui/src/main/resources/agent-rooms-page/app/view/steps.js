// A run's timeline: one row per step, and behind each what went in and came out.
import { draw } from '../draw.js';
import { showMoreRows, toggle } from '../folding.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing, repeat } from '../lib.js';
import { sessionAddress } from '../places.js';
import { failureText, rowFacts, rowTitle } from '../words.js';
import { guarded } from './guard.js';
import { icon, rowIcon } from './icons.js';
import { payload } from './payload.js';
import { timeOf } from './time.js';

const USUALLY_SHOWN = 60;
// So many new rows a frame, lest a long history makes the page stumble.
const A_FRAME = 20;

export function steps(app, run) {
  const shown = Math.max(USUALLY_SHOWN, app.shownRows.get(run.id) ?? 0);
  const hidden = hiddenRows(app, run, shown);
  const wanted = run.rows.length - hidden;
  run.drawnRows = Math.min(wanted, run.drawnRows + A_FRAME);
  if (run.drawnRows < wanted) {
    draw();
  }
  const visible = run.rows.slice(run.rows.length - run.drawnRows);
  // Progress is announced by the page's own live regions, in whole sentences and once; a log that
  // spoke by itself would read out every running second.
  return html`<div class="log" role="log" aria-live="off" aria-label=${t('run.steps')}>
    ${run.droppedRows ? html`<p class="soft">${count('run.dropped', run.droppedRows)}</p>` : nothing}
    ${hidden
      ? html`<button class="small more" @click=${() => showMoreRows(run, shown + 200)}>
          ${count('run.earlier', hidden)}
        </button>`
      : nothing}
    ${run.rows.length
      ? html`<ol class="steps">
          ${repeat(visible, (row) => row.key, (row) =>
            guarded(() => step(app, row), () => toldBy(row), (shown) => html`<li class="step">${shown}</li>`),
          )}
        </ol>`
      : html`<p class="soft" aria-busy="true">${t(run.status === 'queued' ? 'run.waiting' : 'run.sent')}</p>`}
  </div>`;
}

const toldBy = (row) => row.events.map((event) => event.raw);

/** How many of its first rows are left out; for whoever reads further up, no more than before. */
function hiddenRows(app, run, shown) {
  const usual = Math.max(0, run.rows.length - shown);
  const before = Math.max(0, run.shownFrom - run.droppedRows);
  const reading = run.key === app.newest && !app.follows;
  const hidden = reading ? Math.min(usual, before) : usual;
  run.shownFrom = hidden + run.droppedRows;
  return hidden;
}

function step(app, row) {
  const byHand = app.open.get(`row ${row.key}`);
  const open = byHand ?? (row.status === 'running' || (row.status === 'failed' && row.step !== 'final_answer'));
  return html`<li class="step ${row.status}">
    <details ?open=${open}>
      <summary @click=${(click) => fold(click, row, open)}>
        <span class="mark">${rowIcon(row)}</span>
        <span class="words">
          <bdi class="title">${rowTitle(row)}</bdi>
          ${rowFacts(row).map((fact) => html`<bdi class="fact">${fact}</bdi>`)}
        </span>
        ${timeOf(row.startedAt)}
        <span class="took">${took(app, row)}</span>
      </summary>
      ${open ? inside(app, row) : nothing}
    </details>
  </li>`;
}

function took(app, row) {
  if (row.status !== 'running') {
    return row.durationMs === null ? nothing : format.took(row.durationMs);
  }
  // Nobody knows how it goes on while the connection is away.
  const now = app.connection.lostAt ?? Date.now();
  return row.startedAt === null ? nothing : format.duration(now - app.room.skew - row.startedAt, 0);
}

function fold(click, row, open) {
  click.preventDefault();
  toggle(`row ${row.key}`, open);
}

function inside(app, row) {
  return html`<div class="inside">
    ${row.failure ? html`<p class="why">${failureText(row.failure)}</p>` : nothing}
    ${row.tool ? html`<p class="soft">${t('step.tool')} <code>${row.tool}</code></p>` : nothing}
    ${row.input ? payload(app, t('step.input'), row.input, `${row.key} in`) : nothing}
    ${row.output ? payload(app, t('step.output'), row.output, `${row.key} out`) : nothing}
    <ul class="events" aria-label=${t('step.events')}>
      ${row.events.map((event) => eventLine(app, event))}
    </ul>
  </div>`;
}

function eventLine(app, event) {
  const { seq } = event;
  const here = seq !== null && seq === app.target;
  return html`<li id=${seq === null ? nothing : `event-${seq}`} class=${here ? 'here' : nothing}>
    ${seq === null
      ? html`<span class="soft">${icon('dot')}</span>`
      : html`<a href="${sessionAddress(app.room.sessionId)}#${seq}" aria-label=${t('step.link', { seq })}>#${seq}</a>`}
    <code>${event.step}</code>
    ${event.at === null ? html`<code>${event.writtenAt}</code>` : timeOf(event.at)}
    ${event.message ? html`<bdi class="soft">${event.message}</bdi>` : nothing}
  </li>`;
}
