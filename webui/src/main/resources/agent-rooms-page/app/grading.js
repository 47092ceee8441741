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
  app.answers.set(examId, { ...before, [questionId]: optionId });
  app.quizProblem.delete(examId);
  draw();
}

export async function check(quiz, answers) {
  const open = quiz.questions.filter((question) => !answers[question.id]);
  if (open.length) {
    const text = count('quiz.unanswered', open.length);
    app.quizProblem.set(quiz.exam_id, { text, open: new Set(open.map((each) => each.id)) });
    warn(text);
    draw();
    requestAnimationFrame(() => document.getElementById(fieldId(quiz, open[0], 0))?.focus());
    return;
  }
  if (app.checking.has(quiz.exam_id)) {
    return;
  }
  app.checking.set(quiz.exam_id, true);
  app.retaking.delete(quiz.exam_id);
  draw();
  try {
    const accepted = await api.startRun(
      {
        session_id: app.room.sessionId,
        question: t('quiz.check'),
        on_busy: 'enqueue',
        submission: { exam_id: quiz.exam_id, answers },
      },
      madeUpKey(),
    );
    const run = runOf(app.room, accepted.run_id);
    run.question ??= t('quiz.check');
    run.submission ??= { exam_id: quiz.exam_id, answers };
    refreshSessions();
  } catch (refusal) {
    const text = refusalText(refusal);
    app.quizProblem.set(quiz.exam_id, { text, open: new Set() });
    warn(text);
  } finally {
    app.checking.delete(quiz.exam_id);
    draw();
  }
}

export function retake(examId) {
  app.answers.set(examId, {});
  app.quizProblem.delete(examId);
  app.retaking.add(examId);
  draw();
}

export function fieldId(quiz, question, option) {
  const run = app.room.runs.find((each) => each.result === quiz);
  return `${run?.key}-question-${quiz.questions.indexOf(question)}-${option}`;
}
