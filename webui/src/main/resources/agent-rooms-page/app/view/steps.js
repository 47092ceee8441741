// A run's steps, each with its bar on a time axis, and behind it what was said, went in and came out.
import { barOf, spanOf, ticksOf } from '../bars.js';
import { draw } from '../draw.js';
import { showMoreRows, toggle } from '../folding.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing, repeat, svg } from '../lib.js';
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
  // Nobody knows how it goes on while the connection is away.
  const now = (app.connection.lostAt ?? Date.now()) - app.room.skew;
  const span = spanOf(visible, now);
  // Progress is announced by the page's own live regions, in whole sentences and once; a log that
  // spoke by itself would read out every running second.
  return html`<div class="log" role="log" aria-live="off" aria-label=${t('run.steps')}>
    ${progress(run)}
    ${run.droppedRows ? html`<p class="soft">${count('run.dropped', run.droppedRows)}</p>` : nothing}
    ${hidden
      ? html`<button class="small more" @click=${() => showMoreRows(run, shown + 200)}>
          ${count('run.earlier', hidden)}
        </button>`
      : nothing}
    ${run.rows.length
      ? html`${span ? axis(span) : nothing}
        <ol class="steps">
          ${repeat(visible, (row) => row.key, (row) =>
            guarded(() => step(app, row, span, now), () => toldBy(row), (shown) => html`<li class="step">${shown}</li>`),
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

function step(app, row, span, now) {
  const byHand = app.open.get(`row ${row.key}`);
  const open = byHand ?? (row.status === 'failed' && row.step !== 'final_answer');
  return html`<li class="step ${row.status}">
    <details ?open=${open}>
      <summary @click=${(click) => fold(click, row, open)}>
        <span class="mark">${rowIcon(row)}</span>
        <span class="words">
          <bdi class="title">${rowTitle(row)}</bdi>
          ${rowFacts(row).map((fact) => html`<bdi class="fact">${fact}</bdi>`)}
        </span>
        ${app.details ? timeOf(row.startedAt) : nothing} ${bar(row, span, now)}
        <span class="took">${took(row, now)}</span>
      </summary>
      ${open ? inside(app, row) : nothing}
    </details>
  </li>`;
}

function took(row, now) {
  if (row.status !== 'running') {
    return row.durationMs === null ? nothing : format.took(row.durationMs);
  }
  return row.startedAt === null ? nothing : format.duration(now - row.startedAt, 0);
}

function progress(run) {
  const all = run.steps.length;
  if (!all) {
    return nothing;
  }
  const value = run.status === 'succeeded' ? all : run.reached;
  const words = t('run.progress', { n: value, all });
  return html`<div class="progress">
    <progress max=${all} value=${value} aria-label=${t('run.progressLabel')}>${words}</progress>
    <span class="soft">${words}</span>
  </div>`;
}

function axis(span) {
  return html`<svg class="axis" aria-hidden="true">
    ${ticksOf(span).map(({ ms, at }) => svg`<text x="${at}%" y="11">${format.axis(ms)}</text>`)}
  </svg>`;
}

// What took no time is a dot.
function bar(row, span, now) {
  const place = barOf(row, span, now);
  return html`<svg class="bar" aria-hidden="true">
    ${place === null
      ? nothing
      : place.length < 1
        ? svg`<circle cx="${Math.min(98, Math.max(2, place.start))}%" cy="50%" r="3" />`
        : svg`<rect x="${place.start}%" width="${place.length}%" y="25%" height="50%" rx="3" />`}
  </svg>`;
}

function fold(click, row, open) {
  click.preventDefault();
  toggle(`row ${row.key}`, open);
}

function inside(app, row) {
  return html`<div class="inside">
    ${row.failure ? html`<p class="why">${failureText(row.failure)}</p>` : nothing}
    ${app.details && row.tool ? html`<p class="soft">${t('step.tool')} <code>${row.tool}</code></p>` : nothing}
    ${app.details && row.input ? payload(app, t('step.input'), row.input, `${row.key} in`) : nothing}
    ${app.details && row.output ? payload(app, t('step.output'), row.output, `${row.key} out`) : nothing}
    <ul class="events" aria-label=${t('step.events')}>
      ${row.events.map((event) => eventLine(app, event))}
    </ul>
  </div>`;
}

function eventLine(app, event) {
  const { seq } = event;
  const here = seq !== null && seq === app.target;
  return html`<li id=${seq === null ? nothing : `event-${seq}`} class=${here ? 'here' : nothing}>
    ${app.details ? address(app, seq) : nothing}
    ${event.at === null ? html`<code>${event.writtenAt}</code>` : timeOf(event.at)}
    ${app.details ? html`<code>${event.step}</code>` : nothing}
    ${event.message ? html`<bdi class="soft">${event.message}</bdi>` : nothing}
  </li>`;
}

function address(app, seq) {
  return seq === null
    ? html`<span class="soft">${icon('dot')}</span>`
    : html`<a href="${sessionAddress(app.room.sessionId)}#${seq}" aria-label=${t('step.link', { seq })}>#${seq}</a>`;
}
