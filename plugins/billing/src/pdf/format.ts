import { localTime, type Decimal, type Instant } from '@plugga/kit';
import { Big } from 'big.js';
import type { Language } from '../parties.ts';

const NBSP = '\u00a0';

/** `1 234,50` in Swedish, `1,234.50` in English; from the exact text, never by a float. */
export function decimal(value: Decimal, language: Language, places?: number): string {
  const big = new Big(value);
  const text = places === undefined ? big.abs().toFixed() : big.abs().toFixed(places);
  const [whole = '0', fraction] = text.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, language === 'sv' ? NBSP : ',');
  const sign = big.lt(0) && new Big(text).gt(0) ? '\u2212' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : (language === 'sv' ? ',' : '.') + fraction}`;
}

/** A price has two decimals or as many as it needs. */
export const unitPrice = (value: Decimal, language: Language): string => {
  const places = (new Big(value).toFixed().split('.')[1] ?? '').length;
  return decimal(value, language, Math.min(Math.max(places, 2), 6));
};

export const kilowattHours = (wh: number, language: Language): string =>
  `${decimal(new Big(wh).div(1_000).toFixed(), language, 3)}${NBSP}kWh`;

export const percent = (value: Decimal, language: Language): string =>
  `${decimal(new Big(value).toFixed(), language)}${NBSP}%`;

/** `2026-01-15 13:00 (UTC+01:00)`: the clock on the wall, and which one. */
export function moment(at: Instant, timeZone: string): string {
  const { date, time, offset } = localTime(at, timeZone);
  return `${date} ${time} (UTC${offset})`;
}
export const clockTime = (at: Instant, timeZone: string): string => localTime(at, timeZone).time;

export function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)}${NBSP}h ${String(minutes % 60).padStart(2, '0')}${NBSP}min`;
}
