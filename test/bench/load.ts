import { once } from 'node:events';
import { WebSocket } from 'ws';
import { speechOf, type Version, VISIT_MS, WH_A_VISIT } from './visit.ts';

/**
 * The load, as cheap as it can be made: one socket a station, frames put together from text, answers looked at for no
 * more than is needed. A process of its own, so that its cost is in nobody's figure. Says when its stations are connected and
 * waits for a word, unless they stay idle; then prints what it did, as one line of JSON.
 */
export interface Load {
  readonly kind: 'sessions' | 'latency' | 'idle';
  readonly version: Version;
  /** Base of the end point; the identity is appended. */
  readonly url: string;
  readonly prefix: string;
  readonly stations: number;
  readonly token: string;
  /** Visits a station, back to back. */
  readonly sessions: number;
  /** Messages a second over all stations, and for how long: latency only. */
  readonly rate: number;
  readonly seconds: number;
}

export interface Loaded {
  readonly messages: number;
  readonly seconds: number;
  /** Wh that the stations' registers rose by. */
  readonly wh: number;
  readonly errors: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Stations that dial at once. */
const WAVE = 500;

interface Station {
  readonly identity: string;
  readonly socket: WebSocket;
  ask(action: string, payload: string): Promise<string>;
}

let serial = 0;
let errors = 0;
const latencies: number[] = [];

const dial = (load: Load, index: number): Promise<Station> =>
  new Promise((done, failed) => {
    const identity = `${load.prefix}${index}`;
    const { protocol } = speechOf[load.version];
    const socket = new WebSocket(`${load.url}/${identity}`, [protocol], { perMessageDeflate: false });
    const waiting = new Map<string, (text: string) => void>();
    socket.on('error', failed);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      const id = text.slice(4, text.indexOf('"', 4));
      if (text.charCodeAt(1) === 52) errors += 1;
      waiting.get(id)?.(text);
      waiting.delete(id);
    });
    socket.on('open', () =>
      done({
        identity,
        socket,
        ask: (action, payload) =>
          new Promise((answered) => {
            const id = String((serial += 1));
            const began = performance.now();
            waiting.set(id, (text) => {
              latencies.push(performance.now() - began);
              answered(text);
            });
            socket.send(`[2,"${id}","${action}",${payload}]`);
          }),
      }),
    );
  });

const dialAll = async (load: Load): Promise<Station[]> => {
  const stations: Station[] = [];
  for (let index = 0; index < load.stations; index += WAVE) {
    const wave = Array.from({ length: Math.min(WAVE, load.stations - index) }, (_, at) => dial(load, index + at));
    stations.push(...(await Promise.all(wave)));
  }
  const { boot } = speechOf[load.version];
  await Promise.all(stations.map((station) => station.ask('BootNotification', boot)));
  return stations;
};

const visits = async (load: Load, station: Station): Promise<void> => {
  const { visit } = speechOf[load.version];
  const began = Date.now() - load.sessions * VISIT_MS;
  for (let number = 0; number < load.sessions; number += 1)
    await visit({
      ask: station.ask,
      token: load.token,
      transaction: `${station.identity}-${number}`,
      at: began + number * VISIT_MS,
      register: number * WH_A_VISIT,
    });
};

/** An open loop: a message goes out when its time has come, whether or not the one before was answered. */
const steady = async (load: Load, stations: readonly Station[]): Promise<void> => {
  const total = load.rate * load.seconds;
  const began = performance.now();
  const answers: Promise<string>[] = [];
  for (let sent = 0; sent < total; sent += 1) {
    const wait = began + (sent * 1_000) / load.rate - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    const station = stations[sent % stations.length]!;
    answers.push(station.ask('MeterValues', speechOf[load.version].idle(Date.now(), 1_000)));
  }
  await Promise.all(answers);
};

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

const main = async (load: Load): Promise<void> => {
  const dialled = performance.now();
  const stations = await dialAll(load);
  const connectSeconds = (performance.now() - dialled) / 1_000;
  if (load.kind !== 'idle') {
    console.log(JSON.stringify('connected'));
    await once(process.stdin, 'data');
  }
  latencies.length = 0;
  const before = serial;
  const began = performance.now();
  if (load.kind === 'sessions') await Promise.all(stations.map((station) => visits(load, station)));
  if (load.kind === 'latency') await steady(load, stations);
  const seconds = load.kind === 'idle' ? connectSeconds : (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const result: Loaded = {
    messages: serial - before,
    seconds,
    wh: load.kind === 'sessions' ? load.stations * load.sessions * WH_A_VISIT : 0,
    errors,
    latencyMs: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), max: latencies.at(-1) ?? 0 },
  };
  console.log(JSON.stringify(result));
  // The sockets stay open until the parent has measured: it closes our input.
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
};

await main(JSON.parse(process.argv[2] ?? '{}') as Load);
