// What a run came to: a quiz, a grade, an answer, or whatever else it was.
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { loadResult } from '../sharing.js';
import { answer } from './answer.js';
import { payload } from './payload.js';
import { grade, quiz } from './quiz.js';

export function result(app, run, attemptAt) {
  const value = run.result;
  if (value === undefined || value === null) {
    return run.resultUrl ? large(run) : nothing;
  }
  if (Array.isArray(value.questions)) {
    return quiz(app, run, value, attemptAt(app.room, value.exam_id));
  }
  if (Array.isArray(value.items)) {
    return grade(app, run, value);
  }
  if (typeof value.answer === 'string') {
    return answer(app, run, value);
  }
  return html`<section class="outcome">${payload(app, t('result.title'), { value }, `${run.key} result`)}</section>`;
}

function large(run) {
  return html`<section class="outcome">
    <p>${t('result.large', { size: format.bytes(run.resultBytes ?? 0) })}</p>
    <button @click=${() => loadResult(run)}>${t('result.load')}</button>
  </section>`;
}
