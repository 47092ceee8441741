// Reads what a run asks a person, from an event or from the run's own resource, of any shape.
import { allJson, list, number, text, textOrNull, time } from './values.js';

const OPTIONS = 50;
const LONGEST = 100_000;

/** What is asked; null when it cannot be answered, because it has no id. */
export function readInput(asked) {
  const id = textOrNull(asked.input_id, 400);
  if (id === null) {
    return null;
  }
  const value = asked.value === undefined ? null : asked.value;
  const isText = typeof value === 'string' || (value === null && !asked.schema);
  return {
    id,
    isApproval: asked.kind === 'approve',
    prompt: text(asked.prompt, 4000),
    tool: textOrNull(asked.tool, 128),
    sent: part(asked, 'arguments'),
    shown: part(asked, 'value'),
    value,
    isText,
    editable: asked.editable === true,
    options: list(asked.options).slice(0, OPTIONS).map((option) => text(option, 500)),
    expiresAt: time(asked.expires_at),
    // What was too large for an event is in the run's resource.
    isElsewhere: number(asked.value_bytes) !== null || number(asked.arguments_bytes) !== null,
    written: write(value, isText),
    picked: null,
    comment: '',
    busy: false,
    problem: null, // { text, field }
  };
}

function write(value, isText) {
  return isText ? (value ?? '') : allJson(value, LONGEST);
}

function part(asked, name) {
  const bytes = number(asked[`${name}_bytes`]);
  if (bytes !== null) {
    return { bytes };
  }
  return asked[name] === undefined || asked[name] === null ? null : { value: asked[name] };
}

/** Whether somebody has changed what was shown. */
export function isChanged(input) {
  return input.written !== write(input.value, input.isText);
}
