// The page's words, in the language chosen here or else the browser's.
import en from './i18n/en.js';
import ru from './i18n/ru.js';

export const LANGUAGES = { en: 'English', ru: 'Русский' };
const WORDS = { en, ru };

let language = 'en';
let plurals = new Intl.PluralRules('en');

export function currentLanguage() {
  return language;
}

export function useLanguage(code) {
  language = code in WORDS ? code : 'en';
  plurals = new Intl.PluralRules(language);
}

export function preferredLanguage(stored) {
  const wanted = [stored, ...(navigator.languages ?? [])].filter(Boolean);
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((code) => code in WORDS) ?? 'en';
}

/** The words for `key`, with `{name}` filled in. */
export function t(key, values = {}) {
  const words = WORDS[language][key] ?? WORDS.en[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The words for `key` in the number that `count` asks for. */
export function count(key, number, values = {}) {
  const form = `${key}.${plurals.select(number)}`;
  return t(form in WORDS[language] ? form : `${key}.other`, { n: number, ...values });
}

export function has(key) {
  return key in WORDS.en;
}
