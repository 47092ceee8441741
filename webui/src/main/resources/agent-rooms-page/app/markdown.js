// Renders untrusted Markdown safely: HTML becomes text, images become their descriptions,
// and the worker's output is sanitised by DOMPurify, which keeps only what prose needs.
import '../vendor/dompurify-3.4.18/purify.min.js';

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

const ALLOWED = {
  ALLOWED_TAGS: (
    'a blockquote br code del em h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul'
  ).split(' '),
  ALLOWED_ATTR: ['href', 'start', 'align'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

let worker = null; // the one that is running, or a promise of it
let last = Promise.resolve(); // one text after the other, so that each has its own deadline

/** The rendered text as a fragment; null when it should be shown unrendered. */
export function renderMarkdown(text) {
  const fragment = last.then(() => parse(text)).then((html) => (html === null ? null : clean(html)));
  last = fragment.catch(() => {});
  return fragment;
}

async function parse(text) {
  worker ??= start();
  const running = await worker;
  const answer = running && (await heard(running, DEADLINE, () => running.postMessage(text)));
  if (!answer) {
    running?.terminate();
    worker = null;
  }
  return answer?.html ?? null;
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

function clean(html) {
  const fragment = globalThis.DOMPurify.sanitize(html, ALLOWED);
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  // What scrolls must be reachable by keyboard.
  for (const code of fragment.querySelectorAll('pre')) {
    code.tabIndex = 0;
  }
  return fragment;
}
