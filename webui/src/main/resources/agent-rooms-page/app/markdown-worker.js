// Renders Markdown to HTML in a worker: a hostile answer may take
// minutes, all of the stack or all of the memory. The page terminates the worker after a timeout.
//
// The output is bounded, because it is sanitised on the page's main thread.
import { Marked } from '../vendor/marked-18.2.1/marked.esm.js';

const MOST_CHARACTERS = 200_000;
const MOST_ELEMENTS = 3000;
const DEEPEST = 40;
// A table fills up every row to the width of its first.
const MOST_COLUMNS = 40;

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign]);

const marked = new Marked({
  gfm: true,
  tokenizer: {
    // False: as usual. Undefined: this is no table.
    table: (source) => (source.split('\n', 1)[0].split('|').length > MOST_COLUMNS ? undefined : false),
  },
  renderer: {
    html: ({ text }) => escape(text),
    image: ({ text }) => escape(text),
    // Headings of an answer stand below the page's own.
    heading({ tokens, depth }) {
      const level = Math.min(6, depth + 2);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
});

function isModest(html) {
  if (html.length > MOST_CHARACTERS) {
    return false;
  }
  let elements = 0;
  let depth = 0;
  for (const [, end, name] of html.matchAll(/<(\/?)([a-z]+\d?)/g)) {
    elements += end ? 0 : 1;
    depth += end ? -1 : name === 'br' || name === 'hr' ? 0 : 1;
    if (elements > MOST_ELEMENTS || depth > DEEPEST) {
      return false;
    }
  }
  return true;
}

function rendered(text) {
  try {
    const html = marked.parse(text);
    return isModest(html) ? html : null;
  } catch {
    return null; // nested deeper than the stack is
  }
}

onmessage = ({ data }) => postMessage({ html: rendered(data) });
postMessage('ready');
