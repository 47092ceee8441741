// Times, durations and sizes, as the chosen language writes them.
import { currentLanguage, t } from './i18n.js';

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };

const makers = {
  clock: (language) => new Intl.DateTimeFormat(language, CLOCK),
  day: (language) => new Intl.DateTimeFormat(language, { ...CLOCK, month: 'short', day: 'numeric' }),
  ago: (language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }),
  whole: (language) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }),
  tenths: (language) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  number: (language) => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }),
};

// Making one takes far longer than using it.
const made = { en: {}, ru: {} };

function formatter(name) {
  const language = currentLanguage();
  return (made[language][name] ??= makers[name](language));
}

const DAY = 24 * 60 * 60 * 1000;

export function time(ms) {
  return formatter(Math.abs(Date.now() - ms) < DAY / 2 ? 'clock' : 'day').format(ms);
}

export function duration(ms, digits = ms < 10_000 ? 1 : 0) {
  const seconds = Math.max(0, ms) / 1000;
  return seconds >= 90
    ? t('time.minutes', { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) })
    : t('time.seconds', { s: formatter(digits ? 'tenths' : 'whole').format(seconds) });
}

/** How long something took that is over; of less than that our clocks cannot tell. */
export function took(ms) {
  return ms < 50 ? t('time.instant') : duration(ms);
}

export function ago(ms) {
  const seconds = Math.round((ms - Date.now()) / 1000);
  const format = formatter('ago');
  if (seconds > -45) {
    return t('time.now');
  }
  if (seconds > -45 * 60) {
    return format.format(Math.round(seconds / 60), 'minute');
  }
  return seconds > -22 * 60 * 60
    ? format.format(Math.round(seconds / 3600), 'hour')
    : format.format(Math.round(seconds / 86400), 'day');
}

export function number(value) {
  return formatter('number').format(value);
}

export function bytes(count) {
  return count < 1024 * 1024
    ? t('size.kib', { n: number(Math.round(count / 102.4) / 10) })
    : t('size.mib', { n: number(Math.round(count / 104857.6) / 10) });
}
