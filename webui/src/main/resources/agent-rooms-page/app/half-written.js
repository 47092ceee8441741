// Markdown that is still being written: what its end will probably mean, so that nobody sees half a mark.
//
// `**Green` gives `**Green**`, `see [the` gives `see `, and the first line of a table waits for its second.
import { fenceOf } from './fence.js';

const LONGEST_LINK = 300;
// A line that may become a heading, a list, a quotation, a rule or a fence, or the line below a heading.
const ONLY_MARKS = /^[ >]*(?:[-+*_=]+|#{1,6}|\d{1,9}[.)]?|>+|`{1,2}|~{1,2}|\|[-:| ]*)[ \t]*$/;
const TABLE_RULE = /^ *\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$/;
const HALF_LINK = /^\[[^\]]*(?:\]\([^)]*)?$/;
const MARKS = ['***', '**', '__', '~~', '*', '_'];

/** @param block the last block of a text, to which more will come */
export function completed(block) {
  const fence = fenceOf(block);
  if (fence) {
    return fenced(block, fence[0]);
  }
  const lines = block.split('\n');
  if (lines.length > 1 && ONLY_MARKS.test(lines.at(-1))) {
    lines.pop();
  } else if (lines.length === 1 && ONLY_MARKS.test(block)) {
    return '';
  }
  if (lines[0].trimStart().startsWith('|') && !(lines.length > 1 && TABLE_RULE.test(lines[1]))) {
    return '';
  }
  const last = lines.pop();
  return [...lines, lineCompleted(last)].join('\n');
}

// An open fence is code to its end; of the fence that closes it nothing is seen.
function fenced(block, mark) {
  const start = block.lastIndexOf('\n') + 1;
  const last = block.slice(start).trim();
  return start && last && [...last].every((each) => each === mark) ? block.slice(0, start - 1) : block;
}

// Marks that span lines are rare; those of the last line are closed.
function lineCompleted(line) {
  const ticks = line.match(/(?<!\\)`+/g) ?? [];
  if (ticks.length % 2 === 1) {
    const open = line.lastIndexOf(ticks.at(-1));
    const code = line.slice(open + ticks.at(-1).length);
    return lineCompleted(line.slice(0, open)) + (code ? `${ticks.at(-1)}${code.replace(/`+$/, '')}${ticks.at(-1)}` : '');
  }
  let whole = line.replace(/(?:\\|&#?\w{0,8})$/, '');
  const bracket = whole.lastIndexOf('[');
  if (bracket >= 0 && whole.length - bracket <= LONGEST_LINK && HALF_LINK.test(whole.slice(bracket))) {
    whole = whole.slice(0, bracket).replace(/!$/, '');
  }
  // Marks at its end begin what is not there yet, or end what is closed here anyway.
  return closed(whole.replace(/[*_~]+$/, ''));
}

function closed(line) {
  const text = line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
  const open = [];
  for (let at = 0; at < text.length; at += 1) {
    const mark = MARKS.find((each) => text.startsWith(each, at));
    if (!mark || text[at - 1] === '\\') {
      continue;
    }
    const before = text[at - 1] ?? ' ';
    const after = text[at + mark.length] ?? ' ';
    if (open.at(-1)?.mark === mark && !/\s/.test(before)) {
      open.pop();
    } else if (!/\s/.test(after) && !(mark[0] === '_' && /\w/.test(before))) {
      open.push({ mark, at });
    }
    at += mark.length - 1;
  }
  const marks = open.reverse().map(({ mark }) => mark).join('');
  return marks ? line.trimEnd() + marks : line;
}
