// The markers of an answer, as in "It is green. [1]", made into buttons that open what they stand for.
import { t } from './i18n.js';

const MARKER = /\[(\d{1,3})\]/g;
const LITERAL = 'code, pre, a, button';

/**
 * @param root holds the text; its markers are replaced
 * @param markers those that stand for something
 * @param open is called with the marker that was pressed
 */
export function linkMarkers(root, markers, open) {
  if (!markers.size) {
    return;
  }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (data.includes('[') && !parentElement?.closest(LITERAL)) {
      found.push(walker.currentNode);
    }
  }
  for (const node of found) {
    node.replaceWith(...pieces(node.data, markers, open));
  }
}

function pieces(words, markers, open) {
  const made = [];
  let from = 0;
  for (const match of words.matchAll(MARKER)) {
    const marker = Number(match[1]);
    if (markers.has(marker)) {
      made.push(words.slice(from, match.index), button(marker, open));
      from = match.index + match[0].length;
    }
  }
  return [...made, words.slice(from)];
}

function button(marker, open) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'cite';
  made.textContent = marker;
  made.ariaLabel = t('answer.source', { n: marker });
  made.addEventListener('click', () => open(marker));
  return made;
}
