// A quiz, one question at a time, and what its check brought. Built from values, never from markup.
import { check, choose, fieldId, retake, turnTo } from '../grading.js';
import { draw } from '../draw.js';
import { count, t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { isOver, quizRun } from '../room.js';
import { bringIntoView } from '../scrolling.js';
import { failureText } from '../words.js';
import { guarded } from './guard.js';
import { icon } from './icons.js';
import { score } from './score.js';

const NONE = new Map();

export function quiz(app, run, value, attempt) {
  const id = value.examId;
  const taken = attempt && !app.retaking.has(id) ? attempt : null;
  const items = taken?.grade?.items;
  // Asked anew when it counts: the page is drawn a frame later than somebody chooses.
  const chosen = () => app.answers.get(id) ?? taken?.answers ?? NONE;
  const answers = items ? taken.answers : chosen();
  const problem = app.quizProblem.get(id);
  const busy = app.checking.has(id) || (taken && !isOver(taken.run));
  const failed = taken && isOver(taken.run) && taken.run.status !== 'succeeded';
  const all = value.questions.length;
  const place = Math.min(app.quizPlace.get(id) ?? 0, Math.max(0, all - 1));
  const isLast = place === all - 1 || isAnswered(value, answers);
  return html`<form
    class="outcome quiz ${items ? 'graded' : ''}"
    novalidate
    aria-labelledby="${run.key}-quiz"
    @submit=${(event) => {
      event.preventDefault();
      if (items) {
        retake(id);
      } else if (busy) {
        return;
      } else if (place < all - 1 && !isAnswered(value, chosen())) {
        turnTo(value, place + 1);
      } else {
        check(value, chosen());
      }
    }}
  >
    <h3 id="${run.key}-quiz">${value.title ?? t('quiz.title')}</h3>
    ${items ? score(taken.grade) : all > 1 ? progress(place, all, answers.size) : nothing}
    ${value.questions.map((question, at) =>
      guarded(
        () =>
          field(value, question, at, {
            given: answers.get(question.id),
            item: items?.find((each) => each.questionId === question.id),
            graded: Boolean(items),
            hidden: !items && at !== place,
            open: problem?.open.has(question.id),
            onChoice: (option) => choose(id, chosen(), question.id, option),
          }),
        () => question,
      ),
    )}
    ${more(value)}
    ${failed ? html`<p class="why">${t('quiz.checkFailed')} ${failureText(taken.run.failure)}</p>` : nothing}
    ${problem ? html`<p class="why" id="${run.key}-problem">${problem.text}</p>` : nothing}
    <div class="turns">
      ${!items && place > 0
        ? html`<button type="button" class="quiet" @click=${() => turnTo(value, place - 1)}>
            ${icon('left')}${t('quiz.back')}
          </button>`
        : nothing}
      ${!items && isLast && place < all - 1
        ? html`<button type="button" class="quiet" @click=${() => turnTo(value, place + 1)}>
            ${t('quiz.next')}${icon('fold')}
          </button>`
        : nothing}
      <button type="submit" class=${items ? 'outline' : nothing} aria-busy=${busy ? 'true' : nothing}>
        ${t(items ? 'quiz.again' : busy ? 'quiz.checking' : isLast ? 'quiz.check' : 'quiz.next')}
      </button>
    </div>
  </form>`;
}

const isAnswered = (value, answers) => value.questions.every(({ id, options }) => !options.length || answers.has(id));

function progress(place, all, answered) {
  const words = t('quiz.place', { n: place + 1, all });
  return html`<div class="progress">
    <span>${words}</span>
    <progress max=${all} value=${Math.min(answered, all)} aria-label=${t('quiz.answered')}></progress>
  </div>`;
}

function field(value, question, place, { given, item, graded, hidden, open, onChoice }) {
  const verdict = item ? (item.correct ? 'right' : 'wrong') : '';
  const name = fieldId(value, question, 'answer');
  return html`<fieldset class="question ${verdict}" ?hidden=${hidden} aria-describedby=${open || item ? `${name}-says` : nothing}>
    <legend><span class="place">${place + 1}.</span> <bdi>${question.text}</bdi></legend>
    ${question.odd ? html`<p class="soft">${question.odd}</p>` : nothing}
    ${question.options.map((option, at) => {
      const expected = item && item.expected === option.id;
      const mark = expected ? 'expected' : item && given === option.id ? 'mistaken' : '';
      return html`<label class="option ${mark}">
        <input
          type="radio"
          id=${fieldId(value, question, at)}
          name=${name}
          value=${option.id}
          .checked=${given === option.id}
          ?disabled=${graded && given !== option.id}
          @change=${() => onChoice(option.id)}
        />
        <span class="letter">${option.id.slice(0, 40)}</span>
        <bdi class="words">${option.text}</bdi>
        ${expected ? html`<em>${t('quiz.expected')}</em>` : mark ? html`<em>${t('quiz.yours')}</em>` : nothing}
      </label>`;
    })}
    ${open ? html`<p class="why" id="${name}-says">${t('quiz.open')}</p>` : nothing}
    ${item
      ? html`<p class="verdict" id="${name}-says">
          ${icon(item.correct ? 'check' : 'cross')}
          <span><strong>${verdictOn(item)}</strong> ${comment(item)}</span>
        </p>`
      : nothing}
  </fieldset>`;
}

function verdictOn(item) {
  return t(item.correct ? 'quiz.right' : 'quiz.wrong');
}

/** What the grader says besides, unless that is the verdict itself. */
function comment(item) {
  const bare = (words) => words.trim().replace(/[.!]$/, '').toLowerCase();
  return bare(item.comment) === bare(verdictOn(item)) ? '' : item.comment;
}

function more(value) {
  return value.more ? html`<p class="soft">${count('result.more', value.more)}</p>` : nothing;
}

/** The result of a check, as its own run shows it: in short when the quiz itself is on the page. */
export function grade(app, run, value) {
  const quizOfIt = quizRun(app.room, value.examId);
  return html`<section class="outcome">
    ${score(value)}
    ${quizOfIt
      ? html`<button class="small" @click=${() => show(app, quizOfIt)}>${t('quiz.show')}</button>`
      : html`<ol class="items">
          ${value.items.map((item) => guarded(() => itemLine(item), () => item, (shown) => html`<li>${shown}</li>`))}
        </ol>`}
    ${more(value)} ${value.items.length === 0 ? html`<p>${t('quiz.nothing')}</p>` : nothing}
  </section>`;
}

function itemLine(item) {
  const says = comment(item);
  return html`<li class=${item.correct ? 'right' : 'wrong'}>
    ${icon(item.correct ? 'check' : 'cross')}
    <span>
      <strong><bdi>${item.questionId}</bdi>: ${verdictOn(item)}</strong>
      ${item.correct || !item.expected || says ? nothing : t('quiz.expectedIs', { option: item.expected })} ${says}
    </span>
  </li>`;
}

function show(app, run) {
  app.open.set(`run ${run.id}`, true);
  bringIntoView(`${run.key}-quiz`, 'start');
  draw();
}
