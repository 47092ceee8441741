// Formats times, durations and sizes in the chosen language.
import { currentLanguage, t } from './i18n.js';

const makers = {
  day: (language) => new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }),
  date: (language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }),
  moment: (language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
  number: (language) => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }),
};

// Making one takes far longer than using it; so long that what every step needs does without.
const made = { en: {}, ru: {} };

function formatter(name) {
  const language = currentLanguage();
  return (made[language][name] ??= makers[name](language));
}

const DAY = 24 * 60 * 60 * 1000;

export function time(ms) {
  const at = new Date(ms);
  return withDay(at, figures([at.getHours(), at.getMinutes(), at.getSeconds()]));
}

/** A time of which nobody needs the seconds. */
export function clock(ms) {
  return withDay(new Date(ms), hour(ms));
}

/** The same where the day is told already. */
export function hour(ms) {
  const at = new Date(ms);
  return figures([at.getHours(), at.getMinutes()]);
}

const figures = (parts) => parts.map((part) => String(part).padStart(2, '0')).join(':');

function withDay(at, clock) {
  const away = Math.abs(Date.now() - at);
  return away < DAY / 2 ? clock : `${formatter(away < 300 * DAY ? 'day' : 'date').format(at)}, ${clock}`;
}

export function dateTime(ms) {
  return formatter('moment').format(ms);
}

export function duration(ms, digits = ms < 10_000 ? 1 : 0) {
  const seconds = Math.max(0, ms) / 1000;
  return seconds >= 90
    ? t('time.minutes', { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) })
    : t('time.seconds', { s: seconds.toFixed(digits).replace('.', t('number.point')) });
}

/** A duration that has ended; less than 50 ms is shown as an instant. */
export function took(ms) {
  return ms < 50 ? t('time.instant') : duration(ms);
}

/** A place on a time axis. */
export function axis(ms) {
  return duration(ms, ms % 1000 === 0 ? 0 : ms % 100 === 0 ? 1 : 2);
}

export function number(value) {
  return formatter('number').format(value);
}

export function bytes(count) {
  return count < 1024 * 1024
    ? t('size.kib', { n: number(Math.round(count / 102.4) / 10) })
    : t('size.mib', { n: number(Math.round(count / 104857.6) / 10) });
}
