import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['ground', 'surface', 'raised', 'hover'];
const on = (texts: readonly string[], behind: readonly string[]) =>
  texts.flatMap((text) => behind.map((ground) => [text, ground] as const));
const texts = [
  ...on(['text', 'faint', 'link', 'free', 'charging', 'waiting', 'faulted', 'out'], grounds),
  ['on-brand', 'brand'],
  ['on-danger', 'danger'],
  ['warning-text', 'warning-ground'],
  ['note-text', 'note-ground'],
] as const;
const graphics = on(['focus', 'control-line', 'brand', 'danger'], ['ground', 'surface', 'raised']);

describe.each(['light', 'dark'] as const)('in %s', (theme) => {
  const ratio = (one: string, other: string): number =>
    contrast(tokens.get(one)?.[theme] ?? '', tokens.get(other)?.[theme] ?? '');

  const short = (pairs: readonly (readonly [string, string])[], least: number): readonly string[] =>
    pairs
      .filter(([one, other]) => !(ratio(one, other) >= least))
      .map(([one, other]) => `${one} on ${other}: ${ratio(one, other).toFixed(2)}`);

  test('every text is read on every ground: 4.5 to 1 (WCAG 1.4.3)', () => {
    expect(short(texts, 4.5)).toEqual([]);
  });
  test('every mark and control is seen on every ground: 3 to 1 (WCAG 1.4.11)', () => {
    expect(short(graphics, 3)).toEqual([]);
  });
});
