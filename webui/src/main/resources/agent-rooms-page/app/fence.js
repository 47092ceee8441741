// Fences: the lines between which Markdown has code, such as ```js and ```.
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/;

/** With what `text` begins a block of code, such as ``` of ```js; null when it does not. */
export function fenceOf(text) {
  return FENCE.exec(text.split('\n', 1)[0])?.[1] ?? null;
}

/** The line that began the code in which `text` ends; null when it ends in none. */
export function openFence(text) {
  let open = null;
  for (const line of text.split('\n')) {
    const [, mark, more] = FENCE.exec(line) ?? [];
    if (mark && !open) {
      open = { line, mark };
    } else if (mark?.startsWith(open?.mark) && !more.trim()) {
      open = null;
    }
  }
  return open && open.line;
}
