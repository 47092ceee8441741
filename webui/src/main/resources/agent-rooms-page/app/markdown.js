// Renders untrusted Markdown safely: a worker reads it, and what it read is made of elements one by one. No HTML
// is parsed anywhere; HTML in the text is text, and an image is its description.

// The worker's timeout in milliseconds; beyond it the text is shown unrendered.
const DEADLINE = 1500;
const LOADING = 15_000;

const WORKER = new URL('./markdown-worker.js', import.meta.url).href;

// A browser with trusted types starts a worker only from an address that a policy has let through.
const policy = globalThis.trustedTypes?.createPolicy('agent-rooms', {
  createScriptURL: (address) => {
    if (address !== WORKER) {
      throw new TypeError('not the address of a worker');
    }
    return address;
  },
});

const ELEMENTS = new Set(
  'a blockquote br code del em h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul'.split(' '),
);
const ATTRIBUTES = new Set(['start', 'align']);
const ADDRESS = /^(?:https?:|mailto:)/i;

let worker = null; // the one that is running, or a promise of it
let last = Promise.resolve(); // one text after the other, so that each has its own deadline

/** The rendered text as a fragment; null when it should be shown unrendered. */
export function renderMarkdown(text) {
  return inTurn(() => parse(text)).then((read) => (read === null ? null : made(read)));
}

/**
 * The next piece of a text that is being written; null when it should be shown unrendered.
 *
 * @param text what is not settled yet
 * @param above the headings before it, as the last piece gave them
 * @returns { settled, open, length, headings }: the nodes that stay, those of the block that goes on, and how many
 *     characters are settled
 */
export async function renderPiece(text, above) {
  const read = await inTurn(() => parse({ text, above }));
  return read && { ...read, settled: read.settled.map(asNode), open: read.open.map(asNode) };
}

function inTurn(does) {
  const done = last.then(does);
  last = done.catch(() => {});
  return done;
}

function asNode(part) {
  const made = node(part);
  return typeof made === 'string' ? document.createTextNode(made) : made;
}

async function parse(text) {
  worker ??= start();
  const running = await worker;
  const answer = running && (await heard(running, DEADLINE, () => running.postMessage(text)));
  if (!answer) {
    running?.terminate();
    worker = null;
  }
  return answer?.read ?? null;
}

async function start() {
  const started = new Worker(policy ? policy.createScriptURL(WORKER) : WORKER, { type: 'module' });
  return (await heard(started, LOADING)) ? started : null;
}

/** The worker's next message; null when it times out or fails. */
function heard(speaker, patience, ask = () => {}) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), patience);
    const done = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    speaker.onmessage = ({ data }) => done(data);
    speaker.onerror = () => done(null);
    ask();
  });
}

function made(parts) {
  const fragment = document.createDocumentFragment();
  fragment.append(...parts.map(node));
  return fragment;
}

function node(part) {
  if (typeof part === 'string') {
    return part;
  }
  const [name, attributes, ...inside] = part;
  const element = document.createElement(ELEMENTS.has(name) ? name : 'span');
  for (const [key, value] of Object.entries(attributes)) {
    if (ATTRIBUTES.has(key)) {
      element.setAttribute(key, value);
    }
  }
  if (name === 'a' && ADDRESS.test(attributes.href)) {
    Object.assign(element, { href: attributes.href, target: '_blank', rel: 'noopener noreferrer nofollow' });
  }
  // What scrolls must be reachable by keyboard.
  if (name === 'pre' || name === 'table') {
    element.tabIndex = 0;
  }
  element.append(...inside.map(node));
  return element;
}
