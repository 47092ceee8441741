// Answering what a run asks.
import * as api from './api.js';
import { say, warn } from './announcer.js';
import { draw } from './draw.js';
import { t } from './i18n.js';
import { edited, isChanged } from './input.js';
import { app } from './store.js';
import { refusalText } from './words.js';

export function fill(input, name, value, place = input) {
  place[name] = value;
  input.problem = null;
  draw();
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
  if (input.comment.trim()) {
    answer.comment = input.comment.trim();
  }
  input.busy = true;
  input.problem = null;
  draw();
  try {
    await api.answerRun(answer);
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
  if (input.options.length) {
    if (input.picked !== null) {
      answer.value = input.picked;
    }
    return input.picked === null && input.value === null ? { text: t('input.pick'), field: 'value' } : null;
  }
  if (!input.editable || !isChanged(input)) {
    return null;
  }
  const made = edited(input);
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
