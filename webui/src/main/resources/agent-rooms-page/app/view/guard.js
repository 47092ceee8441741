// Error boundaries: what cannot be rendered is shown as JSON, and the rest goes on.
//
// A view that throws is caught where it is called. A value that lit-html chokes on is noticed only
// while the page is rendered; from then on the page looks at every guarded part beforehand, in a place
// where nothing can break.
import { html, render } from '../lib.js';
import { beginning } from '../values.js';

const SHOWN = 1500;
const reported = new Set();

let careful = false;

/** What `draw` gives; or else the value that it was to draw, as `wrap` puts it into its place. */
export function guarded(draw, value, wrap = (shown) => shown) {
  try {
    const drawn = draw();
    if (careful) {
      render(drawn, document.createElement('div'));
    }
    return drawn;
  } catch (problem) {
    report(problem);
    return wrap(html`<pre class="odd">${safely(() => beginning(value(), SHOWN))}</pre>`);
  }
}

/** Renders the whole page; when that breaks off, once more from the ground up, and carefully. */
export function renderGuarded(page, root) {
  try {
    render(page(), root);
  } catch (problem) {
    report(problem);
    careful = true;
    root.replaceChildren();
    delete root['_$litPart$'];
    render(page(), root);
  }
}

function safely(write) {
  try {
    return write();
  } catch {
    return '…';
  }
}

// Once each, or a page that is drawn every second would fill the console.
function report(problem) {
  const words = String(problem?.stack ?? problem);
  if (!reported.has(words)) {
    reported.add(words);
    console.error(problem);
  }
}
