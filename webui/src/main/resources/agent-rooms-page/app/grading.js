// Taking a quiz: choosing, having it checked, once more.
import * as api from './api.js';
import { warn } from './announcer.js';
import { draw } from './draw.js';
import { count, t } from './i18n.js';
import { madeUpKey } from './ids.js';
import { runOf } from './room.js';
import { refreshSessions } from './sessions.js';
import { app } from './store.js';
import { refusalText } from './words.js';

export function choose(examId, before, questionId, optionId) {
  app.answers.set(examId, new Map(before).set(questionId, optionId));
  app.quizProblem.delete(examId);
  draw();
}

export async function check(quiz, answers) {
  const open = quiz.questions.filter(({ id, options }) => options.length && !answers.has(id));
  if (open.length) {
    const text = count('quiz.unanswered', open.length);
    app.quizProblem.set(quiz.examId, { text, open: new Set(open.map((each) => each.id)) });
    app.quizPlace.set(quiz.examId, quiz.questions.indexOf(open[0]));
    warn(text);
    draw();
    requestAnimationFrame(() => document.getElementById(fieldId(quiz, open[0], 0))?.focus());
    return;
  }
  if (app.checking.has(quiz.examId)) {
    return;
  }
  app.checking.set(quiz.examId, true);
  app.retaking.delete(quiz.examId);
  draw();
  try {
    const accepted = await api.startRun(
      {
        session_id: app.room.sessionId,
        question: t('quiz.check'),
        on_busy: 'enqueue',
        submission: { exam_id: quiz.examId, answers: Object.fromEntries(answers) },
      },
      madeUpKey(),
    );
    const run = runOf(app.room, accepted.runId);
    run.question ??= t('quiz.check');
    run.submission ??= { examId: quiz.examId, answers };
    refreshSessions();
  } catch (refusal) {
    const text = refusalText(refusal);
    app.quizProblem.set(quiz.examId, { text, open: new Set() });
    warn(text);
  } finally {
    app.checking.delete(quiz.examId);
    draw();
  }
}

/** Shows another question of a quiz, and goes on there by keyboard. */
export function turnTo(quiz, place) {
  app.quizPlace.set(quiz.examId, place);
  app.quizProblem.delete(quiz.examId);
  draw();
  requestAnimationFrame(() => {
    const first = document.getElementById(fieldId(quiz, quiz.questions[place], 0));
    (first?.form.querySelector('fieldset:not([hidden]) :checked') ?? first)?.focus();
  });
}

export function retake(examId) {
  app.answers.set(examId, new Map());
  app.quizPlace.delete(examId);
  app.quizProblem.delete(examId);
  app.retaking.add(examId);
  draw();
}

export function fieldId(quiz, question, option) {
  const run = app.room.runs.find((each) => each.result === quiz);
  return `${run?.key}-question-${quiz.questions.indexOf(question)}-${option}`;
}
