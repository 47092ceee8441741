// Reads a run's outcome from a result of any shape: a quiz, a grade, an answer, or something
// else, which is shown by the text that came with it, or as a tree.
import { isObject, json, list, number, object, text, textOrNull, whole } from './values.js';

// The most of each that are shown, so that the page stays responsive.
const QUESTIONS = 100;
const OPTIONS = 30;
const ITEMS = 200;
const CHUNKS = 20;
const TEXT = 100_000;

/**
 * @param value the result; null when there is none, or none was sent along
 * @param words the result as text that people can read, as far as the producer gave one
 */
export function readResult(value, words) {
  const { exam_id: examId, questions, items, answer } = object(value);
  if (Array.isArray(questions) && (examId !== undefined || questions.every(hasOptions))) {
    return quiz(value);
  }
  if (Array.isArray(items) && 'score' in value) {
    return grade(value);
  }
  if (typeof answer === 'string') {
    return prose(value);
  }
  const said = textOrNull(words, TEXT) ?? (typeof value === 'string' ? value : null);
  if (said !== null) {
    return { kind: 'answer', text: said, isPlain: true, chunks: [], all: 0, value: isContainer(value) ? value : null };
  }
  return value === undefined || value === null ? null : { kind: 'other', value };
}

function isContainer(value) {
  return typeof value === 'object' && value !== null;
}

function hasOptions(question) {
  return isObject(question) && isObject(question.options);
}

function quiz({ exam_id: examId, title, questions }) {
  return {
    kind: 'quiz',
    examId: text(examId),
    title: textOrNull(title, 500),
    questions: questions.slice(0, QUESTIONS).map(question),
    more: Math.max(0, questions.length - QUESTIONS),
  };
}

function question(value, place) {
  const { id, text: words, options } = object(value);
  return {
    id: text(id) || `q${place + 1}`,
    text: text(words) || json(value).slice(0, 2000),
    options: Object.entries(object(options))
      .slice(0, OPTIONS)
      .map(([letter, option]) => ({ id: letter, text: text(option) })),
    // What are no options cannot be chosen from, but read.
    odd: isObject(options) ? '' : text(options),
  };
}

function grade({ exam_id: examId, score, max_score: max, items }) {
  return {
    kind: 'grade',
    examId: text(examId),
    score: text(score, 40),
    max: text(max, 40),
    // As a bar, where both are numbers of which one is a part of the other.
    share: number(score) !== null && number(max) > 0 ? { score: number(score), max: number(max) } : null,
    items: items.slice(0, ITEMS).map(item),
    more: Math.max(0, items.length - ITEMS),
  };
}

function item(value) {
  const { question_id: id, correct, expected, comment } = object(value);
  return {
    questionId: isObject(value) ? text(id) : json(value).slice(0, 2000),
    correct: correct === true,
    expected: textOrNull(expected, 200),
    comment: text(comment),
  };
}

function prose({ answer, chunks, citations }) {
  return {
    kind: 'answer',
    text: answer,
    isPlain: false,
    value: null,
    ...sources(list(chunks), list(citations)),
    all: list(chunks).length,
  };
}

/** The chunks, those that the answer cites first and in that order. */
function sources(chunks, citations) {
  const markers = new Map();
  for (const each of citations.slice(0, CHUNKS)) {
    const { marker, chunk_id: id } = object(each);
    if (whole(marker) !== null) {
      markers.set(text(id, 200), marker);
    }
  }
  const all = chunks.slice(0, CHUNKS).map((each) => chunk(each, markers));
  const cited = all.filter((each) => each.marker !== null).sort((a, b) => a.marker - b.marker);
  return { chunks: [...cited, ...all.filter((each) => each.marker === null)] };
}

function chunk(value, markers) {
  const { id, text: words, source, score } = object(value);
  return {
    marker: markers.get(text(id, 200)) ?? null, // what stands for it in the answer
    source: textOrNull(source, 200) ?? textOrNull(id, 200) ?? (isObject(value) ? '…' : text(value, 200)),
    score: number(score),
    text: text(words, 4000),
  };
}

/** The submission of a grading; null when it cannot be read. */
export function readSubmission(value) {
  const { exam_id: examId, answers } = object(value);
  return examId === undefined || examId === null
    ? null
    : {
        examId: text(examId),
        answers: new Map(Object.entries(object(answers)).map(([id, option]) => [id, text(option, 200)])),
      };
}
