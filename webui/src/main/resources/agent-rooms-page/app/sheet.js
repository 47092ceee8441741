// On a narrow screen the sessions are a sheet over the page, which waits behind it.
import { draw } from './draw.js';
import { app } from './store.js';

const narrow = matchMedia('(max-width: 60rem)');
narrow.addEventListener('change', () => draw());

/** Whether the sheet covers the page. */
export const isCovered = () => app.menu && narrow.matches;

export function openSheet() {
  app.menu = true;
  draw();
  requestAnimationFrame(() => document.querySelector('#sessions .close')?.focus());
}

export function closeSheet() {
  app.menu = false;
  draw();
  requestAnimationFrame(() => document.querySelector('.top .menu')?.focus());
}
