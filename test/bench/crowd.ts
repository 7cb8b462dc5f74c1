import { dialRaw } from './raw-socket.ts';
import { answering, nowMs, quantile } from './talk.ts';

/**
 * A crowd of idle stations in one process: each dials, boots, answers pings, and dials again after a wait of its own when
 * its line is lost, until the boot is accepted again.
 */

export type CrowdQuestion =
  | { readonly kind: 'dial'; readonly port: number; readonly prefix: string; readonly stations: number }
  /** When all are accepted whose lines were lost since the last question. */
  | { readonly kind: 'back' };

export interface Back {
  readonly stations: number;
  /** The first handshake that was answered, and the last boot that was accepted: milliseconds since 1970. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** From dialling to the accepted boot, of the dials that came through. */
  readonly waitMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Dials that came to nothing because nobody listened, and those that were turned away or closed. */
  readonly unheard: number;
  readonly turnedAway: Readonly<Record<string, number>>;
}

/** Between a lost line and the next dial: stations draw it so that they do not come all at once. */
const BACK_OFF_MS = [1_000, 5_000] as const;
/** How long the first arrival of all is spread. */
const ARRIVAL_MS = 10_000;

let accepted = 0;
let expected = 0;
let told: (() => void) | undefined;
let waits: number[] = [];
let firstAt = Infinity;
let lastAt = 0;
let unheard = 0;
let turnedAway: Record<string, number> = {};

const live = (port: number, path: string, firstWaitMs: number): void => {
  const dial = (): void => {
    const dialled = nowMs();
    let isAccepted = false;
    let opened = 0;
    const line = dialRaw({
      port,
      path,
      protocol: 'ocpp1.6',
      opened() {
        opened = nowMs();
        line.send('[2,"b","BootNotification",{"chargePointVendor":"Bench","chargePointModel":"Crowd"}]');
      },
      received(text) {
        if (isAccepted || !text.startsWith('[3,"b"') || !text.includes('"Accepted"')) return;
        isAccepted = true;
        accepted += 1;
        lastAt = nowMs();
        firstAt = Math.min(firstAt, opened);
        waits.push(lastAt - dialled);
        if (accepted === expected) told?.();
      },
      closed(code, status) {
        if (isAccepted) accepted -= 1;
        else if (status === 0) unheard += 1;
        else {
          const why = status === 101 ? `closed ${code}` : `HTTP ${status}`;
          turnedAway[why] = (turnedAway[why] ?? 0) + 1;
        }
        setTimeout(dial, BACK_OFF_MS[0] + Math.random() * (BACK_OFF_MS[1] - BACK_OFF_MS[0]));
      },
    });
  };
  setTimeout(dial, firstWaitMs);
};

const back = async (): Promise<Back> => {
  if (accepted < expected) await new Promise<void>((done) => (told = done));
  waits.sort((a, b) => a - b);
  const answer: Back = {
    stations: accepted,
    firstAt,
    lastAt,
    waitMs: { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99), max: waits.at(-1) ?? 0 },
    unheard,
    turnedAway,
  };
  waits = [];
  firstAt = Infinity;
  unheard = 0;
  turnedAway = {};
  return answer;
};

await answering<CrowdQuestion>((question) => {
  if (question.kind === 'dial') {
    expected = question.stations;
    for (let index = 0; index < expected; index += 1)
      live(question.port, `/ocpp/${question.prefix}${index}`, (ARRIVAL_MS * index) / expected);
  }
  return back();
});
