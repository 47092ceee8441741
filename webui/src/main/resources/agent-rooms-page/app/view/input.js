// What a run asks a person, as a card: what exactly will be done, and the answers to it.
import { decide, fill, filledIn, write } from '../answering.js';
import * as format from '../format.js';
import { t } from '../i18n.js';
import { writtenIn } from '../input.js';
import { html, nothing } from '../lib.js';
import { icon } from './icons.js';
import { payload } from './payload.js';

export function inputCard(app, run) {
  const { input, key } = run;
  return html`<form
    class="outcome input"
    novalidate
    aria-labelledby="${key}-input"
    aria-busy=${input.busy ? 'true' : nothing}
    @submit=${(event) => event.preventDefault()}
  >
    <h3 id="${key}-input">${icon('person')}${t(input.isApproval ? 'input.approval' : 'input.question')}</h3>
    ${input.prompt ? html`<p class="prompt"><bdi>${input.prompt}</bdi></p>` : nothing}
    ${input.tool ? html`<p class="soft">${t('input.tool')} <code>${input.tool}</code></p>` : nothing}
    ${input.isApproval && !input.editable && input.sent
      ? payload(app, t('input.sent'), input.sent, `${key} ${input.id} sent`)
      : nothing}
    ${answerField(app, run)}
    <label class="comment">
      <span>${t('input.comment')}</span>
      <input
        name="comment"
        maxlength="4000"
        autocomplete="off"
        .value=${filledIn(input).comment}
        @input=${(event) => fill(input, { comment: event.target.value })}
      />
    </label>
    ${input.problem ? html`<p class="why" id="${key}-input-problem">${input.problem.text}</p>` : nothing}
    <div class="decisions">
      <button type="button" class="approve" @click=${() => decide(run, 'approve')}>
        ${icon('check')}${t(input.isApproval ? 'input.approve' : input.options.length || input.editable ? 'input.send' : 'input.goOn')}
      </button>
      <button type="button" class="outline reject" @click=${() => decide(run, 'reject')}>
        ${icon('cross')}${t('input.reject')}
      </button>
      ${input.expiresAt === null
        ? nothing
        : html`<span class="soft">${t('input.until', { time: format.dateTime(input.expiresAt) })}</span>`}
    </div>
  </form>`;
}

/** What a producer elsewhere asks, which cannot be answered from here. */
export function askedElsewhere({ prompt }) {
  return html`<section class="notice">
    ${icon('person')}
    <p>${prompt ? html`<bdi>${prompt}</bdi> ` : nothing}<span class="soft">${t('input.elsewhere')}</span></p>
  </section>`;
}

function answerField(app, run) {
  const { input, key } = run;
  if (input.options.length) {
    return options(run);
  }
  if (input.editable && !input.shown?.bytes) {
    return html`${input.fields[0].name === null ? nothing : html`<p class="soft">${t('input.edit')}</p>`}
    ${input.fields.map((field) => editor(run, field))}`;
  }
  // Of a call its arguments are shown already.
  return input.shown && !(input.isApproval && input.sent)
    ? input.isText
      ? html`<blockquote class="plain">${input.value}</blockquote>`
      : payload(app, t('input.value'), input.shown, `${key} ${input.id} value`)
    : nothing;
}

function editor(run, field) {
  const { input, key } = run;
  const { problem } = input;
  const text = writtenIn(field, filledIn(input).written);
  const wrong = problem?.part ? problem.part === field : ['value', `value.${field.name}`].includes(problem?.field);
  return html`<label class="value">
    <span>${field.name ?? t(input.isApproval || input.value !== null ? 'input.edit' : 'input.yourAnswer')}</span>
    <textarea
      name="value"
      rows=${Math.min(12, Math.max(field.name === null ? 3 : 1, text.split('\n').length))}
      spellcheck=${field.isText ? nothing : 'false'}
      class=${field.isText ? nothing : 'json'}
      aria-invalid=${wrong ? 'true' : nothing}
      aria-describedby=${problem ? `${key}-input-problem` : nothing}
      .value=${text}
      @input=${(event) => write(input, field, event.target.value)}
    ></textarea>
  </label>`;
}

function options(run) {
  const { input, key } = run;
  const picked = filledIn(input).picked ?? input.value;
  return html`<fieldset class="question" aria-describedby=${input.problem ? `${key}-input-problem` : nothing}>
    <legend class="unseen">${t('input.choices')}</legend>
    ${input.options.map(
      (option) => html`<label class="option">
        <input
          type="radio"
          name="${key}-input-option"
          value=${option}
          .checked=${picked === option}
          @change=${() => fill(input, { picked: option })}
        />
        <bdi class="words">${option}</bdi>
      </label>`,
    )}
  </fieldset>`;
}
