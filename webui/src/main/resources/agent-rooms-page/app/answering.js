// Answering what a run asks.
import * as api from './api.js';
import { say, warn } from './announcer.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { edited, isChanged } from './input.js';
import { app } from './store.js';
import { refusalText } from './words.js';

const NOTHING = { written: new Map(), picked: null, comment: '' };

/** What somebody has filled in so far, and not sent. */
export function filledIn(input) {
  return app.filled.get(input.id) ?? NOTHING;
}

export function fill(input, part) {
  app.filled.set(input.id, { ...filledIn(input), ...part });
  input.problem = null;
  draw();
}

export function write(input, field, text) {
  fill(input, { written: new Map(filledIn(input).written).set(field.name, text) });
}

/** @param decision `approve` or `reject` */
export async function decide(run, decision) {
  const { input } = run;
  if (input.busy) {
    return;
  }
  const answer = { session_id: app.room.sessionId, run_id: run.id, input_id: input.id, decision };
  const problem = decision === 'approve' ? addValue(answer, input) : null;
  if (problem) {
    refuse(input, problem);
    return;
  }
  const comment = filledIn(input).comment.trim();
  if (comment) {
    answer.comment = comment;
  }
  input.busy = true;
  input.problem = null;
  draw();
  try {
    await api.answerRun(answer);
    app.filled.delete(input.id);
    // The card goes with the event that says so to everybody.
    say(t(`input.${decision}d`));
  } catch (refusal) {
    input.busy = false;
    refuse(input, {
      text: refusal.status === 409 ? t('input.tooLate', { detail: refusal.message }) : words(refusal),
      field: refusal.field,
    });
  }
  draw();
}

function words(refusal) {
  return refusal.status === 400 ? refusal.message : refusalText(refusal);
}

function addValue(answer, input) {
  const { written, picked } = filledIn(input);
  if (input.options.length) {
    if (picked !== null) {
      answer.value = picked;
    }
    return picked === null && input.value === null ? { text: t('input.pick'), field: 'value' } : null;
  }
  if (!input.editable || !isChanged(input, written)) {
    return null;
  }
  const made = edited(input, written);
  if (made.wrong) {
    return { text: t('input.notJson'), field: 'value', part: made.wrong };
  }
  answer.value = made.value;
  return null;
}

function refuse(input, problem) {
  input.problem = problem;
  warn(problem.text);
  draw();
}
