// What a run came to: a quiz, a grade, an answer, or whatever else it was.
import * as format from '../format.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { attemptAt } from '../room.js';
import { loadResult } from '../sharing.js';
import { answer } from './answer.js';
import { grade, quiz } from './quiz.js';
import { tree } from './tree.js';

export function result(app, run) {
  return html`${run.result === null ? nothing : shown(app, run, run.result)} ${run.isElsewhere ? large(run) : nothing}`;
}

function shown(app, run, value) {
  switch (value.kind) {
    case 'quiz':
      return quiz(app, run, value, attemptAt(app.room, value.examId));
    case 'grade':
      return grade(app, run, value);
    case 'answer':
      return answer(app, run, value);
    default:
      return html`<section class="outcome">${tree(app, t('result.title'), value.value, `${run.key} result`)}</section>`;
  }
}

function large(run) {
  return html`<section class="outcome">
    <p>${t('result.large', { size: format.bytes(run.resultBytes) })}</p>
    <button @click=${() => loadResult(run)}>${t('result.load')}</button>
  </section>`;
}
