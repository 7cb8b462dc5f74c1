import type { Link, LinkListener } from '@plugga/core/simulation';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Probe } from './probe.ts';
import type { Process } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** The station's end of a socket. */
export interface Plug {
  readonly id: number;
  readonly open: boolean;
  send(text: string): void;
  close(): void;
  /** Power gone: nobody is told. */
  vanish(): void;
  /** Reads nothing for a while. */
  stopReading(ms: number): void;
}

export interface PlugListener {
  message(text: string): void;
  closed(code: number): void;
}

/** What is seen on the wire, for the invariants. */
export interface Tap {
  /** A frame left the station. */
  sent(socket: number, text: string): void;
  /** A frame reached the node. */
  arrived(socket: number, text: string): void;
  /** A frame left the node, whether or not it arrives. */
  answered(socket: number, text: string): void;
  /** The node's end is over. */
  ended(socket: number, code: number): void;
}

export interface Socket {
  readonly plug: Plug;
  readonly link: Link;
  /** The line breaks: both ends hear of it sooner or later, or one never does. */
  cut(how: 'reset' | 'station only' | 'node only'): void;
}

interface LineDeps {
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly tap: Tap;
  readonly process: Process;
  readonly probe: Probe | undefined;
  readonly who: string;
  /** Some stacks never answer a ping. */
  readonly pongs: boolean;
  readonly dropsOnPing: boolean;
  readonly listener: PlugListener;
}

const CLOSE_TIMEOUT_MS = 450;
/** A segment that nobody acknowledges is sent again, and after a quarter of an hour the connection is given up. */
const RETRANSMISSION_MS = 15_000;
const TCP_GIVES_UP_MS = 15 * 60_000;

const text = (data: Uint8Array): string => Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');

/**
 * One socket as TCP makes it: each direction in order, with delay; nothing is lost but by the end of the line. What was on
 * its way when the station's end broke may still arrive, later than what comes over its next socket.
 */
export function socket(o: LineDeps, id: number): Socket {
  const { time, chance, faults, trace, tap, process, who } = o;
  const rate = faults.rates.line;
  let station: 'open' | 'gone' = 'open';
  let node: 'open' | 'closing' | 'gone' = 'open';
  let listener: LinkListener | undefined;
  let paused = false;
  let held: (() => void)[] = [];
  let upAt = 0;
  let downAt = 0;
  let blindUntil = 0;
  let deaf = false;
  let unsent = 0;
  const name = `${who}/${id}`;

  /** In order, after a delay; a process that is stalled hears it when it runs again. */
  const toNode = (ms: number, run: () => void): void => {
    upAt = Math.max(upAt, time.now + ms);
    time.after(
      upAt - time.now,
      () => {
        if (node === 'gone') return;
        if (paused || held.length > 0) held.push(run);
        else run();
      },
      process,
    );
  };
  /** As a socket that is read again does: not while whoever asked for it is still at work, and first come, first read. */
  const readHeld = (): void => {
    if (paused || node === 'gone') return;
    held.shift()?.();
    if (held.length > 0) time.after(0, readHeld, process);
  };
  const toStation = (ms: number, run: () => void): void => {
    downAt = Math.max(downAt, time.now + ms, blindUntil);
    time.after(downAt - time.now, () => {
      if (station === 'open' && !deaf) run();
    });
  };
  const latency = (): number => chance.between(1, 40);

  const stationGone = (code: number): void => {
    if (station === 'gone') return;
    station = 'gone';
    trace.say(name, `station's end closed ${code}`);
    o.listener.closed(code);
  };
  const nodeGone = (code: number): void => {
    if (node === 'gone') return;
    node = 'gone';
    held = [];
    tap.ended(id, code);
    if (process.alive) listener?.closed(code, '');
  };

  /** The path is broken and nobody says so; once it is mended the next segment is answered with a reset. */
  const breakPath = (since = time.now): void => {
    deaf = true;
    time.after(RETRANSMISSION_MS, () => {
      if (station !== 'open') return;
      if (!faults.active || time.now - since > TCP_GIVES_UP_MS) stationGone(1006);
      else breakPath(since);
    });
  };

  const cut: Socket['cut'] = (how) => {
    trace.say(name, `cut, ${how}`);
    if (how === 'node only') {
      faults.happened('FI-16 half-open');
      breakPath();
      time.after(latency(), () => nodeGone(1006), process);
      return;
    }
    stationGone(1006);
    if (how === 'station only') {
      faults.happened('FI-16 half-open');
      return;
    }
    toNode(chance.pick([1, 50, 2_000]), () => nodeGone(1006));
  };

  const deliver = (message: string): void => {
    const failure = o.probe?.('link');
    if (failure === 'error') return cut('reset');
    if (failure === 'crash') return process.crash('when it was told something');
    if (trace.keep) trace.say(name, `> ${message}`);
    tap.arrived(id, message);
    listener?.bytes(message.length);
    listener?.message(Buffer.from(message, 'utf8'), false);
    if (failure === 'late error') cut('reset');
    if (failure === 'late crash') process.crash('when it had been told something');
  };

  process.onEnd(() => {
    if (node === 'gone') return;
    node = 'gone';
    tap.ended(id, 1006);
    // The machine is gone, and nobody says so; or the process, and the kernel does.
    if (chance.of(0.3) && faults.active) {
      faults.happened('FI-16 half-open');
      breakPath();
    } else time.after(latency(), () => stationGone(1006));
  });

  return {
    cut,
    plug: {
      id,
      get open() {
        return station === 'open';
      },
      send: (message) => {
        if (station !== 'open') return;
        tap.sent(id, message);
        if (faults.active && chance.of(rate)) {
          const fault = chance.pick(['lost', 'late', 'twice', 'half'] as const);
          if (fault === 'lost') {
            faults.happened('FI-01 request lost');
            trace.say(name, `lost > ${message}`);
            return cut('reset');
          }
          if (fault === 'twice') {
            faults.happened('FI-03 duplicate');
            toNode(latency(), () => deliver(message));
          } else if (fault === 'late') {
            // The station gives the socket up; what it said comes all the same, after its next connection.
            faults.happened('FI-04 reorder');
            toNode(chance.between(500, 20_000), () => deliver(message));
            toNode(1, () => nodeGone(1006));
            return stationGone(1006);
          } else {
            toNode(latency(), () => deliver(message));
            return cut('node only');
          }
        }
        toNode(latency(), () => deliver(message));
      },
      close: () => {
        if (station !== 'open') return;
        stationGone(1000);
        if (!deaf) toNode(latency(), () => nodeGone(1000));
      },
      vanish: () => {
        if (station !== 'open') return;
        station = 'gone';
        trace.say(name, 'power gone');
        if (chance.of(0.5)) toNode(chance.between(1, 30_000), () => nodeGone(1006));
        else faults.happened('FI-16 half-open');
      },
      stopReading: (ms) => {
        faults.happened('FI-17 slow reader');
        blindUntil = time.now + ms;
      },
    },
    link: {
      get open() {
        return node === 'open' && process.alive;
      },
      get unsent() {
        return unsent;
      },
      send: (data) => {
        if (node !== 'open' || !process.alive) return;
        const failure = o.probe?.('link');
        if (failure === 'crash') return process.crash('when it would answer');
        const message = text(data);
        if (trace.keep) trace.say(name, `< ${message}`);
        tap.answered(id, message);
        if (faults.active && chance.of(rate)) {
          faults.happened('FI-02 answer lost');
          return cut(chance.pick(['reset', 'reset', 'node only', 'station only']));
        }
        if (failure === 'error') return cut('reset');
        unsent += data.length;
        if (failure === 'late crash') time.after(0, () => process.crash('when it had answered'));
        if (failure === 'late error') time.after(60, () => cut('reset'));
        toStation(latency(), () => {
          unsent -= data.length;
          o.listener.message(message);
        });
        if (faults.active && chance.of(faults.rates.crash / 2)) {
          faults.happened('FI-07 crash after answer');
          time.after(0, () => process.crash('after an answer'));
        }
      },
      ping: () => {
        if (node !== 'open') return;
        toStation(latency(), () => {
          if (o.dropsOnPing) {
            stationGone(1006);
            toNode(latency(), () => nodeGone(1006));
          } else if (o.pongs) toNode(latency(), () => listener?.ponged(0));
        });
      },
      pause: () => void (paused = true),
      resume: () => {
        if (!paused) return;
        paused = false;
        if (held.length > 0) time.after(0, readHeld, process);
      },
      close: (code) => {
        if (node !== 'open') return;
        node = 'closing';
        trace.say(name, `closes ${code}`);
        let told = false;
        const over = (): void => {
          if (told) return;
          told = true;
          nodeGone(code);
        };
        toStation(latency(), () => {
          stationGone(code);
          time.after(latency(), over, process);
        });
        time.after(CLOSE_TIMEOUT_MS, over, process);
      },
      terminate: () => {
        if (node === 'gone') return;
        trace.say(name, 'terminates');
        toStation(latency(), () => stationGone(1006));
        time.after(0, () => nodeGone(1006), process);
      },
      listen: (to) => {
        listener = to;
      },
    },
  };
}
