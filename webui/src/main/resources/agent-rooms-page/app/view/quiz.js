// A quiz as a form, and what its check brought. Built from values, never from markup.
import { check, choose, fieldId, retake } from '../grading.js';
import { follow } from '../places.js';
import { draw } from '../draw.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { isOver } from '../room.js';
import { failureText } from '../words.js';
import { icon } from './icons.js';

export function quiz(app, run, value, attempt) {
  const id = value.exam_id;
  const taken = attempt && !app.retaking.has(id) ? attempt : null;
  const items = taken?.grade?.items;
  // Asked anew when it counts: the page is drawn a frame later than somebody chooses.
  const chosen = () => app.answers.get(id) ?? taken?.answers ?? {};
  const answers = items ? taken.answers : chosen();
  const problem = app.quizProblem.get(id);
  const busy = app.checking.has(id) || (taken && !isOver(taken.run));
  const failed = taken && isOver(taken.run) && taken.run.status !== 'succeeded';
  return html`<form
    class="outcome quiz"
    novalidate
    aria-labelledby="${run.key}-quiz"
    @submit=${(event) => {
      event.preventDefault();
      if (items) {
        retake(id);
      } else if (!busy) {
        check(value, chosen());
      }
    }}
  >
    <h3 id="${run.key}-quiz">${value.title ?? t('quiz.title')}</h3>
    ${value.questions.map((question, place) =>
      field(value, question, place, {
        given: answers[question.id],
        item: items?.find((each) => each.question_id === question.id),
        graded: Boolean(items),
        open: problem?.open.has(question.id),
        onChoice: (option) => choose(id, chosen(), question.id, option),
      }),
    )}
    ${items ? score(taken.grade) : nothing}
    ${failed ? html`<p class="why">${t('quiz.checkFailed')} ${failureText(taken.run.failure)}</p>` : nothing}
    ${problem ? html`<p class="why" id="${run.key}-problem">${problem.text}</p>` : nothing}
    <button type="submit" class=${items ? 'outline' : nothing} aria-busy=${busy ? 'true' : nothing}>
      ${t(items ? 'quiz.again' : busy ? 'quiz.checking' : 'quiz.check')}
    </button>
  </form>`;
}

function field(value, question, place, { given, item, graded, open, onChoice }) {
  const verdict = item ? (item.correct ? 'right' : 'wrong') : '';
  const name = fieldId(value, question, 'answer');
  return html`<fieldset class="question ${verdict}" aria-describedby=${open || item ? `${name}-says` : nothing}>
    <legend><span class="place">${place + 1}.</span> ${question.text}</legend>
    ${Object.entries(question.options ?? {}).map(([option, text], at) => {
      const expected = item && item.expected === option;
      const mark = expected ? 'expected' : item && given === option ? 'mistaken' : '';
      return html`<label class="option ${mark}">
        <input
          type="radio"
          id=${fieldId(value, question, at)}
          name=${name}
          value=${option}
          .checked=${given === option}
          ?disabled=${graded && given !== option}
          @change=${() => onChoice(option)}
        />
        <span>${text}</span>
        ${expected ? html`<em>${t('quiz.expected')}</em>` : mark ? html`<em>${t('quiz.yours')}</em>` : nothing}
      </label>`;
    })}
    ${open ? html`<p class="why" id="${name}-says">${t('quiz.open')}</p>` : nothing}
    ${item
      ? html`<p class="verdict" id="${name}-says">
          ${icon(item.correct ? 'check' : 'cross')}
          <span><strong>${t(item.correct ? 'quiz.right' : 'quiz.wrong')}</strong> ${item.comment}</span>
        </p>`
      : nothing}
  </fieldset>`;
}

function score(value) {
  const all = value.max_score || 1;
  return html`<div class="score">
    <strong>${t('quiz.score', { score: value.score, max: value.max_score })}</strong>
    <meter min="0" max=${all} value=${value.score} aria-label=${t('quiz.scoreLabel')}></meter>
  </div>`;
}

/** The result of a check, as its own run shows it: in short when the quiz itself is on the page. */
export function grade(app, run, value) {
  const quizRun = app.room.runs.find((each) => each.result?.questions && each.result.exam_id === value.exam_id);
  return html`<section class="outcome">
    ${score(value)}
    ${quizRun
      ? html`<button class="small" @click=${() => show(app, quizRun)}>${t('quiz.show')}</button>`
      : html`<ol class="items">
          ${value.items.map(
            (item) => html`<li class=${item.correct ? 'right' : 'wrong'}>
              ${icon(item.correct ? 'check' : 'cross')}
              <span>
                <strong>${item.question_id}: ${t(item.correct ? 'quiz.right' : 'quiz.wrong')}</strong>
                ${item.correct ? nothing : t('quiz.expectedIs', { option: item.expected })} ${item.comment}
              </span>
            </li>`,
          )}
        </ol>`}
    ${value.items.length === 0 ? html`<p>${count('quiz.unanswered', 0)}</p>` : nothing}
  </section>`;
}

function show(app, run) {
  app.open.set(`run ${run.id}`, true);
  follow(`${run.key}-quiz`, 'start');
  draw();
}
