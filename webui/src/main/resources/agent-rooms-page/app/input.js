// Reads what a run asks a person, from an event or from the run's own resource, of any shape.
import { allJson, isObject, list, number, text, textOrNull, time } from './values.js';

const OPTIONS = 50;
const LONGEST = 100_000;
const FIELDS = 12; // of an object with more members all are edited together

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
    fields: fieldsOf(value, isText),
    busy: false,
    problem: null, // { text, field, part }, where the part is the one of its fields that is wrong
  };
}

/** What can be edited: each member of a flat object by itself, anything else as a whole. */
function fieldsOf(value, isText) {
  const members = isObject(value) ? Object.entries(value) : [];
  const isFlat = members.length > 0 && members.length <= FIELDS && members.every(([, part]) => typeof part !== 'object');
  return isFlat
    ? members.map(([name, part]) => field(name, part, typeof part === 'string'))
    : [field(null, value, isText)];
}

function field(name, value, isText) {
  return { name, isText, before: isText ? (value ?? '') : allJson(value, LONGEST) };
}

/** What stands in a field: what somebody wrote there, or else what was there before. */
export function writtenIn(field, written) {
  return written.get(field.name) ?? field.before;
}

/**
 * The value as it was edited.
 *
 * @param written field name → text, of the fields in which somebody has written
 * @returns { value }, or { wrong } with the field that is not JSON and should be
 */
export function edited(input, written) {
  let { value } = input;
  for (const each of input.fields) {
    let part = writtenIn(each, written);
    if (part === each.before) {
      continue;
    }
    if (!each.isText) {
      try {
        part = JSON.parse(part);
      } catch {
        return { wrong: each };
      }
    }
    value = each.name === null ? part : { ...value, [each.name]: part };
  }
  return { value };
}

function part(asked, name) {
  const bytes = number(asked[`${name}_bytes`]);
  if (bytes !== null) {
    return { bytes };
  }
  return asked[name] === undefined || asked[name] === null ? null : { value: asked[name] };
}

/** Whether somebody has changed what was shown. */
export function isChanged(input, written) {
  return input.fields.some((each) => writtenIn(each, written) !== each.before);
}
