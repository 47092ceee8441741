// Language, theme and details, remembered where the browser allows it.
import { draw } from './draw.js';
import { currentLanguage, preferredLanguage, useLanguage } from './i18n.js';
import { app } from './store.js';

export async function loadPreferences() {
  await useLanguage(preferredLanguage(stored('language')));
  setTheme(stored('theme') ?? 'auto');
  app.details = stored('details') === 'on';
  speak();
}

export async function setLanguage(code) {
  await useLanguage(code);
  store('language', code);
  speak();
  draw();
}

function speak() {
  document.documentElement.lang = currentLanguage();
}

export function setTheme(theme) {
  app.theme = ['light', 'dark'].includes(theme) ? theme : 'auto';
  store('theme', app.theme);
  if (app.theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = app.theme;
  }
  draw();
}

/** Shows or hides what only developers want: ids, traces, JSON, event numbers. */
export function setDetails(shown) {
  app.details = shown;
  store('details', shown ? 'on' : 'off');
  draw();
}

// Without storage, which a browser may forbid, nothing is remembered.
function stored(name) {
  try {
    return localStorage.getItem(`agent-rooms.${name}`);
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    localStorage.setItem(`agent-rooms.${name}`, value);
  } catch {
    // as above
  }
}
