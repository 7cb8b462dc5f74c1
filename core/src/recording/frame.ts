import { fail, instant, type Instant, iso } from '@plugga/kit';
import { parseTime } from '../session/time.ts';

/** One frame of a recording: `{"at":"2026-01-05T12:00:00.000Z","direction":"in","generation":1,"text":"[2,…]"}`. */
export interface RecordedFrame {
  /** 1 is the first line of the file. */
  readonly line: number;
  readonly at: Instant;
  /** `in` is said by the station. */
  readonly direction: 'in' | 'out';
  /** Which of the station's connections. */
  readonly generation: number;
  readonly text: string;
}

export const lineOf = (frame: Omit<RecordedFrame, 'line'>): string =>
  JSON.stringify({
    at: iso(frame.at),
    direction: frame.direction,
    generation: frame.generation,
    text: frame.text,
  });

/** Where a recording says no time at all, it begins here; a frame without one comes a second after the frame before. */
const BEGINNING = instant(Date.UTC(2026, 0, 1));
const STEP_MS = 1_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const bad = (line: number, why: string) => fail('invalid-input', `line ${line} of the recording: ${why}`);

/**
 * The frames of a recording. Ours are lines of `lineOf`; a bare frame a line, `[2,"id","Heartbeat",{}]`, is taken as well:
 * then who said it is told by what it is (`fromStation`: whether a station says that action). Throws `invalid-input`.
 */
export function readRecording(text: string, fromStation: (action: string) => boolean): readonly RecordedFrame[] {
  const frames: RecordedFrame[] = [];
  /** CALLs by their id, and who said them: the answer is the other's. */
  const asked = new Map<string, 'in' | 'out'>();
  let at: Instant | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    if (raw.trim() === '') continue;
    const value = parsed(raw);
    const entry = Array.isArray(value) ? { frame: value } : value;
    if (typeof entry !== 'object' || entry === null)
      throw bad(line, 'neither {"at", "direction", "text"} nor a frame like [2,"id","Heartbeat",{}]');
    const { text: said, frame, direction, at: when, generation } = entry as Readonly<Record<string, unknown>>;
    const content = typeof said === 'string' ? said : frame === undefined ? undefined : JSON.stringify(frame);
    if (content === undefined) throw bad(line, 'no "text"');
    const time = when === undefined ? undefined : parseTime(when);
    if (when !== undefined && time === undefined) throw bad(line, `"at" is no instant with a zone: ${String(when)}`);
    at = time ?? (at === undefined ? BEGINNING : instant(at + STEP_MS));
    const from = direction ?? speakerOf(parsed(content), asked, fromStation);
    if (from !== 'in' && from !== 'out') throw bad(line, '"direction" is "in" (from the station) or "out"');
    remember(parsed(content), from, asked);
    frames.push({
      ...{ line, at, direction: from, text: content },
      generation: typeof generation === 'number' ? generation : 1,
    });
  }
  if (frames.length === 0) throw fail('invalid-input', 'the recording has no frame');
  return frames;
}

function remember(frame: unknown, from: 'in' | 'out', asked: Map<string, 'in' | 'out'>): void {
  if (Array.isArray(frame) && frame[0] === 2) asked.set(String(frame[1]), from);
}

function speakerOf(
  frame: unknown,
  asked: ReadonlyMap<string, 'in' | 'out'>,
  fromStation: (action: string) => boolean,
): 'in' | 'out' | undefined {
  // What is not JSON is a station's: ours always is.
  if (!Array.isArray(frame)) return 'in';
  if (frame[0] === 2) return fromStation(String(frame[2])) ? 'in' : 'out';
  const asker = asked.get(String(frame[1]));
  return asker === undefined ? undefined : asker === 'in' ? 'out' : 'in';
}
