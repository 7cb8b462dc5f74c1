import type { Decimal } from '@plugga/kit';
import { clip } from './clip.ts';

/** What an exact decimal is made of. Longer or larger than any meter counts is rubbish, and would cost as much to add up. */
export const DECIMAL = '^[+-]?[0-9]{1,30}(?:\\.[0-9]{0,40})?(?:[eE][+-]?[01]?[0-9])?$';

const decimal = new RegExp(DECIMAL, 'u');
const integer = /^[+-]?\d{1,15}$/;

/** An exact decimal as the station wrote it, from text or a number; undefined for anything else. */
export const decimalOf = (value: unknown): Decimal | undefined => {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return decimal.test(text) ? text : undefined;
};

/** A whole number, from a number or its text; none that a JSON number cannot hold exactly. */
export const integerOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  return typeof value === 'string' && integer.test(value.trim()) ? Number(value) : undefined;
};

/** OCPP counts in 32 bits, and so do our tables: a number that has more names nothing. */
const inRange = (n: number | undefined): n is number => n !== undefined && n >= -(2 ** 31) && n < 2 ** 31;
/** The number of a thing (an EVSE, a request, a monitor), from a number or its text. */
export const numberOf = (value: unknown): number | undefined => {
  const n = integerOf(value);
  return inRange(n) ? n : undefined;
};

/** Text that says something: empty and blank text count as absent, a number as its text. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
};

/** A word, name or note. Nothing that the specification lets a station name is longer than 255 characters. */
export const wordOf = (value: unknown): string | undefined => {
  const text = textOf(value);
  return text === undefined ? undefined : clip(text, 255);
};

/** A transaction id as text. Those that a JSON number cannot hold exactly arrive as text already; none of them is one of ours, 1..2^31-1. */
export const transactionOf = (value: unknown): string | undefined => wordOf(value)?.trim();

/** What a word of a station's stands for in a table; nothing for what is not in it, though every object has it (`constructor`). */
export const meaningOf = <T>(table: Readonly<Record<string, T>>, word: unknown): T | undefined =>
  typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
