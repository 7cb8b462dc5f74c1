import type { StationEvent, Watch } from '../events.ts';

/**
 * One frame of a recording, a line of JSON: `{"at":"2026-01-05T12:00:00.000Z","station":"S1","direction":"in","text":"[2,…]"}`.
 * `in` comes from the station, as in what the platform exports; `generation` counts its connections.
 */
export interface RecordedFrame {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly at: number;
  readonly station: string | undefined;
  readonly direction: 'in' | 'out';
  readonly generation: number;
  readonly text: string;
}

/** Writes what goes over a station's line, in both directions. */
export const recorder = (o: {
  readonly station: string;
  readonly watch: (listener: Watch) => () => void;
  readonly write: (line: string) => void;
}): (() => void) => {
  let generation = 0;
  return o.watch((event: StationEvent) => {
    if (event.kind === 'connected') generation += 1;
    if (event.kind !== 'sent' && event.kind !== 'received') return;
    const direction = event.kind === 'sent' ? 'in' : 'out';
    const at = new Date().toISOString();
    o.write(`${JSON.stringify({ at, station: o.station, direction, generation, text: event.text })}\n`);
  });
};

/** Throws with the line that is no frame. */
export const readFrames = (text: string): readonly RecordedFrame[] =>
  text.split('\n').flatMap((content, index) => {
    if (content.trim() === '') return [];
    const bad = (why: string): Error => new Error(`line ${index + 1}: ${why}`);
    let read: unknown;
    try {
      read = JSON.parse(content);
    } catch {
      throw bad('no JSON');
    }
    if (typeof read !== 'object' || read === null || Array.isArray(read))
      throw bad('wants {"at", "direction", "text"}');
    const { at, station, direction, generation, text: said } = read as Readonly<Record<string, unknown>>;
    const when = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    if (Number.isNaN(when)) throw bad('"at" is no time');
    if (direction !== 'in' && direction !== 'out') throw bad('"direction" is "in" (from the station) or "out"');
    if (typeof said !== 'string') throw bad('"text" is missing');
    return [
      {
        line: index + 1,
        at: when,
        station: typeof station === 'string' ? station : undefined,
        direction,
        generation: typeof generation === 'number' ? generation : 1,
        text: said,
      },
    ];
  });
