import { errorText, type Frame, readFrame, resultText } from '../wire/frames.ts';
import { socket } from '../wire/socket.ts';
import type { RecordedFrame } from './frames.ts';

/** Where the CSMS answered otherwise than in the recording. */
export interface Difference {
  readonly line: number;
  readonly action: string;
  readonly recorded: string;
  readonly now: string;
}

export interface Replayed {
  readonly sent: number;
  readonly answered: number;
  readonly differences: readonly Difference[];
}

/** A gap of the recording is at most so long in a replay. */
const LONGEST_GAP_MS = 10_000;

/** What an answer says, in a word: the code of an error, or the status in it. */
const saysOf = (frame: Extract<Frame, { type: 3 | 4 }>): string => {
  if (frame.type === 4) return frame.code;
  const { status, idTagInfo } = frame.payload;
  const info = typeof idTagInfo === 'object' && idTagInfo !== null ? (idTagInfo as Record<string, unknown>) : {};
  return String(status ?? info['status'] ?? 'result');
};

/** What the recorded station may have spoken: the forms tell 1.6 from 2.x. */
const protocolsOf = (frames: readonly RecordedFrame[]): readonly string[] =>
  frames.some(({ text }) => /"TransactionEvent"|"chargingStation"/.test(text)) ? ['ocpp2.0.1', 'ocpp2.1'] : ['ocpp1.6'];

/**
 * Plays the station's part of a recording against a CSMS: its frames in their order, each answer awaited where the
 * recording has one, a new connection where it has one. Transaction ids are those that the CSMS gives now. What the CSMS
 * asks is answered as in the recording, by action. Rejects naming the line at which it stalled.
 */
export const replay = async (o: {
  readonly url: string;
  readonly identity: string;
  readonly password?: string | undefined;
  readonly frames: readonly RecordedFrame[];
  /** How many times as fast as it was recorded; not given: as fast as the answers come. */
  readonly speed?: number | undefined;
  readonly withinMs: number;
}): Promise<Replayed> => {
  /** Actions of the calls so far; a station may use an id again. */
  const calls = new Map<string, string>();
  const commands = new Map<string, string>();
  const replies = new Map<string, Extract<Frame, { type: 3 | 4 }>[]>();
  for (const { direction, text } of o.frames) {
    const frame = readFrame(text);
    if (frame?.type === 2 && direction === 'out') commands.set(frame.id, frame.action);
    if (direction !== 'in' || frame === undefined || frame.type === 2) continue;
    const action = commands.get(frame.id);
    if (action !== undefined) replies.set(action, [...(replies.get(action) ?? []), frame]);
  }
  /** Recordings of one direction only: every call waits for its answer. */
  const blind = !o.frames.some((one) => one.direction === 'out');

  const arrived = new Map<string, Extract<Frame, { type: 3 | 4 }>>();
  const transactions = new Map<number, number>();
  const differences: Difference[] = [];
  let [sent, answered] = [0, 0];
  let changed: () => void = () => undefined;

  const answerTo = ({ id, action }: Extract<Frame, { type: 2 }>): string => {
    const known = replies.get(action) ?? [];
    const reply = known.length > 1 ? known.shift() : known[0];
    if (reply === undefined) return errorText(id, 'NotImplemented', `the recording answers no ${action}`);
    return reply.type === 3 ? resultText(id, reply.payload) : errorText(id, reply.code, reply.description);
  };
  const line = socket({
    url: o.url,
    identity: o.identity,
    protocols: protocolsOf(o.frames),
    credentials: () => (o.password === undefined ? {} : { password: o.password }),
    backOff: { firstMs: 200, maxMs: 2_000 },
    random: () => 0.5,
    opened: () => changed(),
    closed: () => changed(),
    refused: () => undefined,
    received(text) {
      const frame = readFrame(text);
      if (frame === undefined) return;
      if (frame.type === 2) line.send(answerTo(frame));
      else arrived.set(frame.id, frame);
      changed();
    },
  });
  const until = (step: string, holds: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`stalled: ${step} after ${o.withinMs} ms`)), o.withinMs);
      changed = () => {
        if (!holds()) return;
        clearTimeout(late);
        resolve();
      };
      changed();
    });
  const withTransactions = (text: string): string => {
    const frame = readFrame(text);
    const recorded = frame?.type === 2 ? frame.payload['transactionId'] : undefined;
    const now = typeof recorded === 'number' ? transactions.get(recorded) : undefined;
    return now === undefined ? text : text.replace(/("transactionId":\s*)-?\d+/, `$1${now}`);
  };
  const compare = (recorded: RecordedFrame, id: string): void => {
    const [then, now] = [readFrame(recorded.text), arrived.get(id)];
    if (then === undefined || then.type === 2 || now === undefined) return;
    answered += 1;
    const action = calls.get(id) ?? '?';
    if (then.type === 3 && now.type === 3 && action === 'StartTransaction')
      transactions.set(Number(then.payload['transactionId']), Number(now.payload['transactionId']));
    const [before, after] = [saysOf(then), saysOf(now)];
    if (before !== after) differences.push({ line: recorded.line, action, recorded: before, now: after });
  };
  const step = async (frame: RecordedFrame): Promise<void> => {
    const at = `line ${frame.line}`;
    const read = readFrame(frame.text);
    if (frame.direction === 'out') {
      if (read === undefined || read.type === 2 || !calls.has(read.id)) return;
      await until(`${at}: no answer to ${calls.get(read.id)}`, () => arrived.has(read.id));
      return compare(frame, read.id);
    }
    if (read !== undefined && read.type !== 2) return;
    if (read !== undefined) {
      arrived.delete(read.id);
      calls.set(read.id, read.action);
    }
    if (!line.send(withTransactions(frame.text))) throw new Error(`${at}: the line is gone`);
    sent += 1;
    if (!blind || read === undefined) return;
    await until(`${at}: no answer to ${read.action}`, () => arrived.has(read.id));
    answered += 1;
  };

  try {
    let before: RecordedFrame | undefined;
    for (const frame of o.frames) {
      if (before === undefined || frame.generation !== before.generation) {
        if (before !== undefined) line.cut('offline');
        line.dial();
        await until(`line ${frame.line}: no connection`, () => line.open);
      }
      const gap = before === undefined || o.speed === undefined ? 0 : (frame.at - before.at) / o.speed;
      if (gap > 0) await new Promise((done) => setTimeout(done, Math.min(gap, LONGEST_GAP_MS)));
      await step(frame);
      before = frame;
    }
  } finally {
    line.close();
  }
  return { sent, answered, differences };
};
