// The runs of the room, the latest at the end; all but that one are folded until somebody opens them.
import { askAgain, cancel } from '../asking.js';
import { showMoreRuns, toggle } from '../folding.js';
import * as format from '../format.js';
import { count, t } from '../i18n.js';
import { html, nothing, repeat } from '../lib.js';
import { isOver } from '../room.js';
import { failureText } from '../words.js';
import { guarded } from './guard.js';
import { icon } from './icons.js';
import { inputCard } from './input.js';
import { copyable } from './payload.js';
import { result } from './result.js';
import { steps } from './steps.js';
import { timeOf } from './time.js';

const USUALLY_SHOWN = 20;
// Of a question that is longer the header shows the beginning.
const LONG = 120;

export function runs(app) {
  const all = app.room.runs;
  const shown = Math.max(USUALLY_SHOWN, app.shownRuns);
  const hidden = Math.max(0, all.length - shown);
  const visible = hidden ? all.slice(hidden) : all;
  return html`
    ${hidden
      ? html`<button class="small more" @click=${() => showMoreRuns(shown + USUALLY_SHOWN)}>
          ${count('room.earlier', hidden)}
        </button>`
      : nothing}
    ${repeat(visible, (run) => run.key, (run) =>
      guarded(() => one(app, run), () => toldBy(run), (shown) => odd(run, shown)),
    )}
  `;
}

// What a run was made from, for when it cannot be drawn.
const toldBy = (run) => run.rows.flatMap((row) => row.events.map((event) => event.raw));

const odd = (run, shown) => html`<article class="run" id=${run.key}><div class="body">${shown}</div></article>`;

function isOpen(app, run) {
  const byHand = app.open.get(`run ${run.id}`);
  if (byHand !== undefined) {
    return byHand;
  }
  const { runs: all } = app.room;
  const last = all.at(-1);
  // Having a quiz checked does not fold the quiz.
  const exam = run.result?.examId;
  const checked = exam !== undefined && (exam === last.submission?.examId || app.checking.has(exam));
  return run === last || run.id === app.current || !isOver(run) || checked;
}

function one(app, run) {
  const open = isOpen(app, run);
  const cancelling = app.cancelling.has(run.id) && !isOver(run);
  const status = cancelling ? 'cancelling' : run.status;
  const title = run.question ?? nameless(run);
  return html`<article class="run ${status}" id=${run.key} aria-labelledby="${run.key}-title">
    <header>
      <h2 id="${run.key}-title">
        <button
          class="fold"
          aria-expanded=${String(open)}
          aria-controls="${run.key}-body"
          @click=${() => toggle(`run ${run.id}`, open)}
        >
          ${icon('fold')}<bdi class="title">${title}</bdi>
        </button>
      </h2>
      <p class="facts">
        <span class="state ${status}">${t(`status.${status}`)}</span>
        ${timeOf(run.createdAt)}
        ${run.durationMs === null ? nothing : html`<span>${format.took(run.durationMs)}</span>`}
      </p>
      ${isOver(run) ? again(run) : isPushed(app) ? nothing : stop(run, cancelling)}
    </header>
    <div class="body" id="${run.key}-body" ?hidden=${!open}>${open ? body(app, run) : nothing}</div>
  </article>`;
}

// What has no question has an id; only of the agent's own runs it is known that there was one.
function nameless({ id, traceId }) {
  return id === '' ? t('run.none') : traceId === null ? t('run.named', { id }) : t('run.unknown');
}

function body(app, run) {
  return html`
    ${run.question?.length > LONG ? html`<p class="asked"><bdi>${run.question}</bdi></p>` : nothing}
    ${progress(run)} ${steps(app, run)}
    ${[...run.drafts].map(([part, draft]) => writing(part, draft))}
    ${run.input && !isPushed(app) ? guarded(() => inputCard(app, run), () => run.input) : nothing}
    ${run.status === 'failed' ? failed(run) : nothing} ${run.status === 'cancelled' ? cancelled(run) : nothing}
    ${run.status === 'lost' ? lost(run) : nothing}
    ${run.status === 'succeeded' ? guarded(() => result(app, run), () => run.result) : nothing}
    ${run.id
      ? html`<footer class="ids">
          ${copyable(app, t(run.correlationId === run.id ? 'run.ids' : 'run.id'), run.id)}
          ${run.correlationId && run.correlationId !== run.id
            ? copyable(app, t('run.correlation'), run.correlationId)
            : nothing}
          ${run.traceId ? copyable(app, t('run.trace'), run.traceId) : nothing}
        </footer>`
      : nothing}
  `;
}

// Read out as a whole when it is there, and not word by word.
function writing(part, draft) {
  return html`<section class="outcome draft" aria-label=${t('draft.title')} aria-live="off">
    <p class="soft">${t('draft.title')} <code>${part}</code></p>
    <div class="plain">${draft.text}<span class="caret" aria-hidden="true"></span></div>
  </section>`;
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

// What a producer elsewhere does cannot be cancelled from here.
function isPushed(app) {
  return app.sessions.entries.some((entry) => entry.pushed && entry.id === app.room?.sessionId);
}

// Both stand in the run's header, which stays in view however long the run is.
function stop(run, cancelling) {
  return run.id
    ? html`<button
        class="small cancel"
        aria-disabled=${cancelling ? 'true' : nothing}
        @click=${() => cancelling || cancel(run)}
      >
        ${cancelling ? t('run.cancelling') : t('run.cancel')}
      </button>`
    : nothing;
}

function again(run) {
  return run.question && run.status !== 'succeeded'
    ? html`<button class="small again" @click=${() => askAgain(run)}>${t('run.again')}</button>`
    : nothing;
}

function failed(run) {
  return html`<section class="outcome failed">
    <h3>${icon('cross')}${t('run.failed')}</h3>
    <p>${failureText(run.failure)}</p>
  </section>`;
}

function cancelled(run) {
  return html`<section class="outcome cancelled">
    <h3>${icon('stop')}${t('run.cancelled')}</h3>
    <p>${t('run.cancelledText')}${run.abandonedTool ? ` ${t('run.abandoned')}` : ''}</p>
  </section>`;
}

function lost(run) {
  return html`<section class="outcome cancelled">
    <h3>${icon('warning')}${t('run.lost')}</h3>
    <p>${t('run.lostText')}</p>
  </section>`;
}
