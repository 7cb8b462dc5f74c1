import type { LedgerEntry, LedgerMessage } from '@plugga/simulator';
import { dialRaw, type RawSocket } from './raw-socket.ts';
import { answering, nowMs, quantile } from './talk.ts';

/**
 * Stations that charge: one reading a second each, kept until it is acknowledged and sent again when the line was lost.
 * In a process of its own, so that what they measure is the platform's and not a busy client's.
 */

export type ChargersQuestion =
  | {
      readonly kind: 'begin';
      readonly port: number;
      readonly prefix: string;
      readonly stations: number;
      readonly token: string;
    }
  /** How long answers took in that time. */
  | { readonly kind: 'answers'; readonly from: number; readonly to: number }
  /** Ends all transactions; when everything is acknowledged, what the meters say. */
  | { readonly kind: 'end' };

export interface Answers {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const EVERY_MS = 1_000;
/** 22 kW for a second. */
const WH_A_READING = 6;
const BACK_OFF_MS = 300;

interface Waiting {
  readonly message: LedgerMessage;
  readonly payload: string;
  readonly madeAt: number;
}

const taken: { readonly at: number; readonly ms: number }[] = [];
const ledger: LedgerEntry[] = [];
let ending = false;
let changed: (() => void) | undefined;

const live = (o: {
  readonly port: number;
  readonly identity: string;
  readonly token: string;
  readonly delayMs: number;
}): void => {
  const queue: Waiting[] = [];
  const started = Date.now() + o.delayMs;
  let wh = 1_000;
  let serial = 0;
  let line: RawSocket | undefined;
  let openSince = 0;
  let outstanding: Waiting | undefined;
  const entry: LedgerEntry = {
    ...{ identity: o.identity, number: 1, connector: 1, idTag: o.token },
    ...{ meterStartWh: wh, startedAt: started, messages: [] },
  };
  ledger.push(entry);

  const add = (action: LedgerMessage['action'], payload: (timestamp: string) => string): void => {
    const at = Date.now();
    const message = { id: `${o.identity}-${(serial += 1)}`, action, at, wh, acknowledged: false };
    entry.messages.push(message);
    queue.push({ message, payload: payload(`"timestamp":"${new Date(at).toISOString()}"`), madeAt: nowMs() });
    send();
  };
  const send = (): void => {
    const [first] = queue;
    if (line === undefined || outstanding !== undefined || first === undefined) return;
    outstanding = first;
    const payload = first.payload.replace('$id', String(entry.transactionId));
    line.send(`[2,"${first.message.id}","${first.message.action}",${payload}]`);
  };
  const heard = (text: string): void => {
    if (outstanding === undefined || !text.startsWith(`[3,"${outstanding.message.id}"`)) return;
    const { message, madeAt } = outstanding;
    taken.push({ at: nowMs(), ms: nowMs() - Math.max(madeAt, openSince) });
    outstanding = undefined;
    queue.shift();
    message.acknowledged = true;
    if (message.action === 'StartTransaction') entry.transactionId = Number(/"transactionId":(-?\d+)/.exec(text)?.[1]);
    changed?.();
    send();
  };
  const dial = (): void => {
    const dialled = dialRaw({
      ...{ port: o.port, path: `/ocpp/${o.identity}`, protocol: 'ocpp1.6', received: heard },
      opened() {
        line = dialled;
        openSince = nowMs();
        send();
      },
      closed() {
        line = undefined;
        outstanding = undefined;
        setTimeout(dial, BACK_OFF_MS * (0.5 + Math.random()));
      },
    });
  };
  const tick = (): void => {
    if (entry.stoppedAt !== undefined) return;
    setTimeout(tick, EVERY_MS);
    wh += WH_A_READING;
    if (ending) {
      entry.meterStopWh = wh;
      entry.stoppedAt = Date.now();
      return add('StopTransaction', (time) => `{"transactionId":$id,"meterStop":${wh},${time},"reason":"Local"}`);
    }
    const value = `{"value":"${wh}","measurand":"Energy.Active.Import.Register","unit":"Wh"}`;
    add(
      'MeterValues',
      (time) => `{"connectorId":1,"transactionId":$id,"meterValue":[{${time},"sampledValue":[${value}]}]}`,
    );
  };
  setTimeout(() => {
    add('StartTransaction', (time) => `{"connectorId":1,"idTag":"${o.token}","meterStart":${wh},${time}}`);
    setTimeout(tick, EVERY_MS);
    dial();
  }, o.delayMs);
};

const when = (isSo: () => boolean): Promise<void> =>
  new Promise((done) => {
    changed = () => {
      if (isSo()) done();
    };
    changed();
  });

await answering<ChargersQuestion>(async (question) => {
  switch (question.kind) {
    case 'begin':
      for (let index = 0; index < question.stations; index += 1)
        live({
          ...{ port: question.port, token: question.token, identity: `${question.prefix}${index}` },
          delayMs: (EVERY_MS * index) / question.stations,
        });
      await when(() =>
        ledger.every(({ transactionId, messages }) => transactionId !== undefined && messages.length > 2),
      );
      return {};
    case 'answers': {
      const { from, to } = question;
      const sorted = taken.flatMap(({ at, ms }) => (at >= from && at <= to ? [ms] : [])).sort((a, b) => a - b);
      const part = (it: number): number => quantile(sorted, it);
      return { count: sorted.length, p50: part(0.5), p99: part(0.99), max: sorted.at(-1) ?? 0 } satisfies Answers;
    }
    case 'end':
      ending = true;
      await when(() =>
        ledger.every(({ stoppedAt, messages }) => stoppedAt !== undefined && messages.every((it) => it.acknowledged)),
      );
      return ledger;
    default:
      question satisfies never;
  }
});
