// The page's texts, in the chosen language or else the browser's.
import { text } from './values.js';

export const LANGUAGES = { en: 'English', ru: 'Русский' };

const DICTIONARIES = { en: () => import('./i18n/en.js'), ru: () => import('./i18n/ru.js') };

let language = 'en';
let words = {};
let plurals = new Intl.PluralRules('en');

export function currentLanguage() {
  return language;
}

/** Loads the texts of a language, and switches to it. */
export async function useLanguage(code) {
  const known = code in DICTIONARIES ? code : 'en';
  words = (await DICTIONARIES[known]()).default;
  language = known;
  plurals = new Intl.PluralRules(known);
}

/** Of a page that has more to say. */
export function addWords(more) {
  words = { ...words, ...more };
}

export function preferredLanguage(stored) {
  const wanted = [stored, ...(navigator.languages ?? [])].filter(Boolean);
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((code) => code in DICTIONARIES) ?? 'en';
}

/** The words for `key`, with `{name}` filled in. */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? text(values[name], 1000) : whole));
}

/** The text for `key` in the plural form of `count`. */
export function count(key, number, values = {}) {
  const form = `${key}.${plurals.select(number)}`;
  return t(form in words ? form : `${key}.other`, { n: number, ...values });
}

export function has(key) {
  return key in words;
}
