import { describe, expect, test } from 'vitest';
import { nextOf, type Target, wavesOf } from './waves.ts';

const many = (count: number, wave: number, status: Target['status']): Target[] =>
  Array.from({ length: count }, () => ({ wave, status }));

describe('waves', () => {
  const sizesOf = (stations: number, sizes: readonly number[]) =>
    wavesOf(
      Array.from({ length: stations }, (_, n) => n),
      sizes,
    ).map((wave) => wave.length);

  test.each([
    [50, [10, 50, 100], [5, 20, 25]],
    [50, [100], [50]],
    [3, [1, 10, 100], [1, 1, 1]],
    [2, [1, 10, 100], [1, 1]],
    [1, [10, 100], [1]],
    [0, [10, 100], []],
    [7, [50, 100], [4, 3]],
  ])('%i stations by %j %%', (stations, sizes, waves) => {
    expect(sizesOf(stations, sizes)).toEqual(waves);
  });
});

describe('what comes next', () => {
  test('the first wave, then the next when nothing of it is open', () => {
    const waiting = [...many(2, 1, 'waiting'), ...many(3, 2, 'waiting')];
    expect(nextOf(waiting, 0, {})).toEqual({ kind: 'ask', wave: 1 });
    const asked = [...many(1, 1, 'installed'), ...many(1, 1, 'accepted'), ...many(3, 2, 'waiting')];
    expect(nextOf(asked, 1, {})).toEqual({ kind: 'wait' });
    const over = [...many(1, 1, 'installed'), ...many(1, 1, 'failed'), ...many(3, 2, 'waiting')];
    expect(nextOf(over, 1, {})).toEqual({ kind: 'ask', wave: 2 });
    expect(nextOf([...many(2, 1, 'installed'), ...many(3, 2, 'absent')], 2, {})).toEqual({ kind: 'done' });
  });

  test('too many failures stop it at once, also within a wave', () => {
    const targets = [...many(3, 1, 'failed'), ...many(2, 1, 'asked'), ...many(5, 2, 'waiting')];
    expect(nextOf(targets, 1, { failures: 3 })).toEqual({ kind: 'wait' });
    expect(nextOf(targets, 1, { failures: 2 })).toEqual({
      kind: 'stop',
      reason: '3 of 10 stations failed, 2 may: the stop rule says no further',
    });
  });

  test('too large a share stops it at the end of the wave; who was not there does not count', () => {
    const wave = [...many(1, 1, 'failed'), ...many(3, 1, 'installed'), ...many(6, 1, 'absent')];
    const targets = [...wave, ...many(5, 2, 'waiting')];
    expect(nextOf(targets, 1, { percent: 25 })).toEqual({ kind: 'ask', wave: 2 });
    expect(nextOf(targets, 1, { percent: 24 })).toMatchObject({ kind: 'stop' });
    expect(nextOf([...targets, ...many(1, 1, 'asked')], 1, { percent: 24 })).toEqual({ kind: 'wait' });
  });
});
