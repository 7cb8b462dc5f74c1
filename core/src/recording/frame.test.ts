import { iso } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { lineOf, readRecording } from './frame.ts';

const stations = new Set(['Heartbeat', 'StatusNotification']);
const read = (text: string) => readRecording(text, (action) => stations.has(action));

describe('a recording', () => {
  test('is read as it was written', () => {
    const [frame] = read('{"at":"2026-01-05T12:00:00.5+01:00","direction":"in","generation":3,"text":"[2,\\"1\\",]"}');
    expect(frame).toMatchObject({ line: 1, direction: 'in', generation: 3, text: '[2,"1",]' });
    const { line: _, ...kept } = frame!;
    expect(lineOf(kept)).toBe(
      '{"at":"2026-01-05T11:00:00.500Z","direction":"in","generation":3,"text":"[2,\\"1\\",]"}',
    );
  });

  test('of bare frames says itself who spoke: stations their actions, we ours, and each the answer to the other', () => {
    const frames = read('[2,"1","Heartbeat",{}]\n[3,"1",{}]\n\n[2,"c","Reset",{"type":"Soft"}]\n[3,"c",{}]\n');
    expect(frames.map(({ line, direction }) => [line, direction])).toEqual([
      [1, 'in'],
      [2, 'out'],
      [4, 'out'],
      [5, 'in'],
    ]);
    // Nobody said when: a second lies between them.
    expect(frames[1]!.at - frames[0]!.at).toBe(1000);
    expect(iso(frames[0]!.at)).toBe('2026-01-01T00:00:00.000Z');
  });

  test.each([
    ['nonsense', 'line 1 of the recording: neither'],
    ['{"at":"2026-01-05T12:00:00Z"}', 'line 1 of the recording: no "text"'],
    ['[2,"1","Heartbeat",{}]\n{"at":"yesterday","direction":"in","text":"x"}', 'line 2 of the recording: "at"'],
    ['{"direction":"up","text":"[]"}', 'line 1 of the recording: "direction"'],
    ['[3,"1",{}]', 'line 1 of the recording: "direction"'],
    ['\n\n', 'no frame'],
  ])('%j is refused with its line', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });
});
