// One exchange: the question as somebody said it, one line for the work, and the answer.
import { change } from '../asking.js';
import { showBranch } from '../branches.js';
import { toggle } from '../folding.js';
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { isOver } from '../room.js';
import { writingOf } from '../writing.js';
import { ending } from './ending.js';
import { guarded } from './guard.js';
import { icon } from './icons.js';
import { askedElsewhere, inputCard } from './input.js';
import { copyable } from './payload.js';
import { result } from './result.js';
import { steps } from './steps.js';
import { timeOf } from './time.js';
import { isLogOpen, work } from './work.js';

// Of a longer question the beginning is shown.
const LONG = 600;

export function exchange(app, run, group) {
  const status = app.cancelling.has(run.id) && !isOver(run) ? 'cancelling' : run.status;
  const pushed = isPushed(app);
  const open = isLogOpen(app, run);
  return html`<article class="run ${status} ${isCheck(run) ? 'check' : ''}" id=${run.key} aria-labelledby="${run.key}-title">
    <header class=${run.question === null ? 'asked nameless' : 'asked'}>
      ${question(app, run)}
      <div class="about">
        ${group.length > 1 ? branchSwitch(run, group) : nothing} ${timeOf(run.createdAt, app.details ? format.time : format.clock)}
        ${isOver(run) && run.question && !pushed && !isCheck(run)
          ? html`<button class="tiny change" title=${t('run.change')} @click=${() => change(run)}>
              ${icon('pencil')}<span class="unseen">${t('run.change')}</span>
            </button>`
          : nothing}
      </div>
    </header>
    <div class="reply">
      <div class="behind">
        ${work(app, run, { open, status, pushed })}
        <div id="${run.key}-log" ?hidden=${!open}>${open ? steps(app, run) : nothing}</div>
      </div>
      ${[...run.drafts].map(([part, draft]) => writing(app, part, draft))}
      ${run.input ? guarded(() => (pushed ? askedElsewhere(run.input) : inputCard(app, run)), () => run.input) : nothing}
      ${ending(run)}
      ${run.status === 'succeeded' ? guarded(() => result(app, run), () => run.result) : nothing}
      ${app.details && run.id ? details(app, run) : nothing}
    </div>
  </article>`;
}

// A producer elsewhere: what it does cannot be cancelled or asked again from here.
function isPushed(app) {
  return app.sessions.entries.some((entry) => entry.pushed && entry.id === app.room?.sessionId);
}

// Having a quiz checked is nothing that somebody said.
const isCheck = (run) => run.submission !== null || run.intent === 'evaluate';

function question(app, run) {
  const name = `question ${run.id}`;
  const words = run.question ?? nameless(run);
  const isLong = words.length > LONG;
  const whole = app.open.get(name) ?? false;
  return html`<h2 id="${run.key}-title"><bdi class="title">${isLong && !whole ? `${words.slice(0, LONG)}…` : words}</bdi></h2>
    ${isLong
      ? html`<button class="tiny" aria-expanded=${String(whole)} @click=${() => toggle(name, whole)}>
          ${t(whole ? 'run.less' : 'run.all')}
        </button>`
      : nothing}`;
}

// What has no question has an id; only of the agent's own runs it is known that there was one.
function nameless({ id, traceId }) {
  return id === '' ? t('run.none') : traceId === null ? t('run.named', { id }) : t('run.unknown');
}

function branchSwitch(run, group) {
  const at = group.indexOf(run);
  const to = (place, name, label) => html`<button
    class="tiny"
    aria-disabled=${group[place] ? nothing : 'true'}
    title=${t(label)}
    @click=${() => group[place] && showBranch(group[place])}
  >
    ${icon(name)}<span class="unseen">${t(label)}</span>
  </button>`;
  return html`<span class="branches" role="group" aria-label=${t('branch.title')}>
    ${to(at - 1, 'left', 'branch.earlier')}<span>${t('branch.place', { n: at + 1, all: group.length })}</span>${to(at + 1, 'fold', 'branch.later')}
  </span>`;
}

// Read out as a whole when it is there, and not word by word.
function writing(app, part, draft) {
  return html`<section class="outcome draft" aria-label=${t('draft.title')} aria-live="off">
    ${app.details ? html`<p class="soft"><code>${part}</code></p>` : nothing} ${writingOf(draft)}
  </section>`;
}

function details(app, run) {
  const address = `/api/agent/sessions/${encodeURIComponent(app.room.sessionId)}/runs/${encodeURIComponent(run.id)}`;
  return html`<footer class="ids">
    ${copyable(app, t(run.correlationId === run.id ? 'run.ids' : 'run.id'), run.id)}
    ${run.correlationId && run.correlationId !== run.id
      ? copyable(app, t('run.correlation'), run.correlationId)
      : nothing}
    ${run.traceId ? copyable(app, t('run.trace'), run.traceId) : nothing}
    <a href=${address} target="_blank" rel="noopener">${t('details.api')}</a>
  </footer>`;
}
