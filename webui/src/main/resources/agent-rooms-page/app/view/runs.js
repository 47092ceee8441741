// The conversation: what was asked and what came of it, the latest at the end.
import { branches, seen } from '../branches.js';
import { showMoreRuns } from '../folding.js';
import { count } from '../i18n.js';
import { html, nothing, repeat } from '../lib.js';
import { exchange } from './exchange.js';
import { guarded } from './guard.js';

const USUALLY_SHOWN = 20;

export function runs(app) {
  const all = branches(app.room.runs);
  const shown = Math.max(USUALLY_SHOWN, app.shownRuns);
  const hidden = Math.max(0, all.length - shown);
  const visible = hidden ? all.slice(hidden) : all;
  return html`
    ${hidden
      ? html`<button class="small more" @click=${() => showMoreRuns(shown + USUALLY_SHOWN)}>
          ${count('room.earlier', hidden)}
        </button>`
      : nothing}
    ${repeat(visible, (group) => group[0].key, (group) => {
      const run = seen(group);
      return guarded(() => exchange(app, run, group), () => toldBy(run), (shown) => odd(run, shown));
    })}
  `;
}

// What a run was made from, for when it cannot be drawn.
const toldBy = (run) => run.rows.flatMap((row) => row.events.map((event) => event.raw));

const odd = (run, shown) => html`<article class="run" id=${run.key}><div class="reply">${shown}</div></article>`;
