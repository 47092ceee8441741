// Reads Markdown in a worker: a hostile answer may take minutes, all of the stack or all of the memory. The page
// terminates the worker after a timeout.
//
// What comes out are no HTML but elements, as [name, attributes, ...inside], and texts. Their number is bounded,
// because they are made on the page's main thread.
import { Marked } from '../vendor/marked-18.2.1/marked.esm.js';
import { completed } from './half-written.js';

const MOST_CHARACTERS = 200_000;
const MOST_ELEMENTS = 3000;
const DEEPEST = 40;
// A table fills up every row to the width of its first.
const MOST_COLUMNS = 40;

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi;
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©', mdash: '—', ndash: '–', hellip: '…' };

const marked = new Marked({
  gfm: true,
  tokenizer: {
    // False: as usual. Undefined: this is no table.
    table: (source) => (source.split('\n', 1)[0].split('|').length > MOST_COLUMNS ? undefined : false),
  },
});

let elements = 0;
let characters = 0;
let headings = []; // the depths of those that the next one may stand below

function element(name, attributes, inside) {
  elements += 1;
  return [name, attributes, ...inside];
}

function words(text) {
  characters += text.length;
  return text;
}

function all(tokens, depth) {
  if (depth > DEEPEST || elements > MOST_ELEMENTS || characters > MOST_CHARACTERS) {
    throw new RangeError('more than a page should hold');
  }
  return (tokens ?? []).flatMap((token) => one(token, depth));
}

function one(token, depth) {
  const inside = () => all(token.tokens, depth + 1);
  switch (token.type) {
    case 'heading':
      return [element(`h${level(token.depth)}`, {}, inside())];
    case 'paragraph':
      return [element('p', {}, inside())];
    case 'strong':
    case 'em':
    case 'del':
    case 'blockquote':
      return [element(token.type, {}, inside())];
    case 'link':
      // One address may stand behind any number of links.
      return [element('a', { href: words(token.href) }, inside())];
    case 'code':
      return [element('pre', {}, [element('code', {}, [words(token.text)])])];
    case 'codespan':
      return [element('code', {}, [words(token.text)])];
    case 'br':
    case 'hr':
      return [element(token.type, {}, [])];
    case 'list':
      return [list(token, depth)];
    case 'table':
      return [table(token, depth)];
    case 'checkbox':
      return [token.checked ? '☑ ' : '☐ '];
    case 'space':
    case 'def':
      return [];
    case 'text':
      return token.tokens ? inside() : [words(decoded(token.text))];
    default:
      // HTML is shown as it was written, an image by its description.
      return [words(token.text ?? '')];
  }
}

// Headings of an answer stand below the page's own, without a hole between them.
function level(depth) {
  headings = [...headings.filter((above) => above < depth), depth];
  return Math.min(6, headings.length + 2);
}

function list({ ordered, start, items }, depth) {
  const lines = items.map((item) => element('li', {}, all(item.tokens, depth + 2)));
  return ordered ? element('ol', start === 1 ? {} : { start: String(start) }, lines) : element('ul', {}, lines);
}

function table({ header, rows }, depth) {
  const row = (cells, name) => element('tr', {}, cells.map((cell) => element(name, align(cell), all(cell.tokens, depth + 4))));
  return element('table', {}, [
    element('thead', {}, [row(header, 'th')]),
    ...(rows.length ? [element('tbody', {}, rows.map((cells) => row(cells, 'td')))] : []),
  ]);
}

const align = (cell) => (cell.align ? { align: cell.align } : {});

function decoded(text) {
  return text.replace(ENTITY, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return name ? (NAMED[name] ?? whole) : code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
  });
}

function read(text) {
  elements = 0;
  characters = 0;
  headings = [];
  try {
    const parts = all(marked.lexer(text), 0);
    return elements > MOST_ELEMENTS || characters > MOST_CHARACTERS ? null : parts;
  } catch {
    return null; // more, or nested deeper, than the page or the stack can hold
  }
}

/**
 * Reads what has been written so far behind what was settled before: the blocks that stay as they are, and the last
 * one, which goes on. Only that is read anew the next time.
 *
 * @param above the depths of the headings before
 */
function readPiece({ text, above }) {
  elements = 0;
  characters = 0;
  headings = above;
  try {
    const tokens = withoutLongList(marked.lexer(text));
    const { first, last } = openBlocks(tokens);
    const settled = all(tokens.slice(0, first), 0);
    const length = lengthOf(tokens.slice(0, first));
    const left = headings;
    const before = length + lengthOf(tokens.slice(first, last));
    const open = all(marked.lexer(text.slice(length, before) + completed(text.slice(before))), 0);
    return elements > MOST_ELEMENTS || characters > MOST_CHARACTERS ? null : { settled, length, open, headings: left };
  } catch {
    return null; // as above
  }
}

// A short last line may yet turn out to belong to the block before it.
const SHORT = 16;

// Of a list that goes on, its latest items may still change.
const OPEN_ITEMS = 30;

/** A long list at the end as two: the first of them stays as it is. */
function withoutLongList(tokens) {
  const last = tokens.at(-1);
  if (last?.type !== 'list' || last.items.length <= 2 * OPEN_ITEMS) {
    return tokens;
  }
  const done = last.items.slice(0, -OPEN_ITEMS);
  const items = last.items.slice(-OPEN_ITEMS);
  const raw = done.map((item) => item.raw).join('');
  return [...tokens.slice(0, -1), { ...last, items: done, raw }, { ...last, items, raw: last.raw.slice(raw.length) }];
}

/** The places of the last block, and of the first one that may still change. */
function openBlocks(tokens) {
  const blocks = tokens.flatMap(({ type }, at) => (type === 'space' ? [] : [at]));
  const last = blocks.at(-1) ?? tokens.length;
  const raw = tokens[last]?.raw ?? '';
  return { first: raw.length < SHORT && !raw.includes('\n') ? (blocks.at(-2) ?? last) : last, last };
}

const lengthOf = (tokens) => tokens.reduce((sum, { raw }) => sum + raw.length, 0);

onmessage = ({ data }) => postMessage({ read: typeof data === 'string' ? read(data) : readPiece(data) });
postMessage('ready');
