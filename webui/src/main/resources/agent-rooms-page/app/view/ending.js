// How a run ended that came to nothing, and what one can do about it.
import { askAgain } from '../asking.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { failureText } from '../words.js';
import { icon } from './icons.js';

export function ending(run) {
  switch (run.status) {
    case 'failed':
      return card(run, 'failed', 'cross', t('run.failed'), failureText(run.failure));
    case 'cancelled':
      return card(run, 'cancelled', 'stop', t('run.cancelled'), run.abandonedTool ? t('run.abandoned') : '');
    case 'lost':
      return card(run, 'cancelled', 'warning', t('run.lost'), t('run.lostText'));
    default:
      return nothing;
  }
}

function card(run, kind, sign, title, text) {
  return html`<section class="outcome ${kind}">
    ${icon(sign)}
    <div>
      <h3>${title}</h3>
      ${text ? html`<p>${text}</p>` : nothing}
    </div>
    ${run.question
      ? html`<button class="small again" @click=${() => askAgain(run)}>${icon('again')}${t('run.again')}</button>`
      : nothing}
  </section>`;
}
