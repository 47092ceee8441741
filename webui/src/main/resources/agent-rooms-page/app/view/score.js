// The score of a quiz, so that it is felt: a ring that fills, the figures, and a word about them.
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';

const PRAISE = [
  [1, 'praise.all'],
  [0.8, 'praise.most'],
  [0.5, 'praise.half'],
  [0, 'praise.low'],
];

export function score(value) {
  const { share } = value;
  if (!value.score && !value.max) {
    return nothing;
  }
  const part = share ? Math.min(1, Math.max(0, share.score / share.max)) : null;
  return html`<div class="result ${part === 1 ? 'all' : ''}">
    ${part === null ? nothing : ring(part)}
    <div>
      <p class="score"><strong>${t('quiz.score', value)}</strong></p>
      ${part === null ? nothing : html`<p class="soft">${t(PRAISE.find(([least]) => part >= least)[1])}</p>`}
    </div>
  </div>`;
}

function ring(part) {
  return html`<svg class="ring" viewBox="0 0 48 48" role="img" aria-label="${t('quiz.scoreLabel')}: ${Math.round(part * 100)} %">
    <circle class="track" cx="24" cy="24" r="20" />
    <circle class="share" ?hidden=${part === 0} cx="24" cy="24" r="20" pathLength="100" stroke-dasharray="${part * 100} 100" />
    <text x="24" y="28.5" text-anchor="middle">${Math.round(part * 100)}%</text>
  </svg>`;
}
