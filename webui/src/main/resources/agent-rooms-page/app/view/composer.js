// The question box.
import { ask, changeNothing, edit } from '../asking.js';
import { draw } from '../draw.js';
import { t } from '../i18n.js';
import { html, nothing } from '../lib.js';
import { isOver } from '../room.js';
import { toNewest } from '../scrolling.js';
import { icon } from './icons.js';

export function composer(app) {
  const { draft, askProblem: problem } = app;
  const wrong = (field) => (problem?.field === field ? 'true' : nothing);
  const isWritten = draft.question || draft.count || problem;
  return html`<form class="composer ${isWritten ? 'writing' : ''}" novalidate @submit=${submit} @keydown=${wordEnds}>
    ${newest(app)}
    ${problem ? refusal(problem) : nothing} ${draft.replaces ? changing() : nothing}
    <div class="ask">
      <label class="unseen" for="question">${t('ask.label')}</label>
      <textarea
        id="question"
        name="question"
        rows="1"
        maxlength="8000"
        placeholder=${t(app.room ? 'ask.next' : 'ask.placeholder')}
        aria-describedby=${problem ? 'ask-problem' : 'ask-hint'}
        aria-invalid=${wrong('question')}
        .value=${draft.question}
        @input=${(event) => edit('question', event.target.value)}
        @keydown=${enterSubmits}
      ></textarea>
      <button type="submit" class="send" aria-busy=${app.asking ? 'true' : nothing}>
        ${app.asking ? nothing : icon('send')}<span>${t('ask.send')}</span>
      </button>
    </div>
    <div class="options">
      <label>
        <span>${t('ask.count')}</span>
        <input
          name="count"
          type="number"
          min="1"
          max="50"
          inputmode="numeric"
          aria-invalid=${wrong('num_questions')}
          aria-describedby=${problem ? 'ask-problem' : nothing}
          .value=${draft.count}
          @input=${(event) => edit('count', event.target.value)}
        />
      </label>
      ${app.details || wrong('session_id') === 'true' ? sessionField(draft, problem, wrong) : nothing}
      <span id="ask-hint" class="soft">${t('ask.hint')}</span>
    </div>
  </form>`;
}

// What a session is called for machines; others never need it.
function sessionField(draft, problem, wrong) {
  return html`<label>
    <span>${t('ask.session')}</span>
    <input
      name="session"
      class="session"
      maxlength="128"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      placeholder=${t('ask.madeUp')}
      aria-invalid=${wrong('session_id')}
      aria-describedby=${problem ? 'ask-problem' : nothing}
      .value=${draft.session}
      @input=${(event) => edit('session', event.target.value)}
    />
  </label>`;
}

function changing() {
  return html`<div class="notice changing">
    ${icon('pencil')}
    <p>${t('ask.changing')}</p>
    <button type="button" class="small" @click=${changeNothing}>${t('ask.changeNothing')}</button>
  </div>`;
}

function refusal(problem) {
  return html`<div class="notice failed" id="ask-problem">
    ${icon('warning')}
    <p>${problem.text}</p>
    ${problem.busy
      ? html`<button type="button" class="small" @click=${() => ask('enqueue')}>${t('ask.enqueue')}</button>
          <button type="button" class="small" @click=${() => ask('interrupt')}>${t('ask.interrupt')}</button>`
      : nothing}
  </div>`;
}

/** Questions to begin with; one that is clicked goes into the box, for a last word. */
export function examples(app) {
  const questions = ['example.quiz', 'example.ask', 'example.short'].map((key) => t(key));
  return html`<ul class="examples" aria-label=${t('example.title')}>
    ${questions.map(
      (question) =>
        html`<li>
          <button type="button" @click=${() => use(app, question)}>${question}</button>
        </li>`,
    )}
  </ul>`;
}

function use(app, question) {
  app.draft.question = question;
  app.askProblem = null;
  draw();
  document.getElementById('question').focus();
}

function submit(event) {
  event.preventDefault();
  ask();
}

// While an input method composes a word, Enter ends the word. Safari tells of that Enter when the word
// has ended already; what is left to know it by is its key code.
function endsWord(event) {
  return event.isComposing || event.keyCode === 229;
}

function enterSubmits(event) {
  if (event.key === 'Enter' && !event.shiftKey && !endsWord(event)) {
    event.preventDefault();
    ask();
  }
}

// In the small fields the browser itself takes Enter for "submit".
function wordEnds(event) {
  if (event.key === 'Enter' && endsWord(event) && event.target instanceof HTMLInputElement) {
    event.preventDefault();
  }
}

/** The button to the newest step, for users who have scrolled away from a running run. */
function newest(app) {
  const run = app.newest && app.room?.runs.find((each) => each.key === app.newest);
  return run && !app.follows && (app.unseen || !isOver(run))
    ? html`<button type="button" class="small newest" @click=${toNewest}>
        ${icon('down')}<span>${t('room.newest')}</span>
      </button>`
    : nothing;
}
