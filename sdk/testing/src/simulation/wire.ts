import type { Tap } from './line.ts';
import type { Timeline } from './timeline.ts';

/** Frames as they were seen at the node's end of each socket. */
export interface WireTap extends Tap {
  readonly sockets: ReadonlyMap<number, SeenSocket>;
}

export interface SeenSocket {
  /** How often a CALL of the station arrived. */
  readonly arrived: Map<string, number>;
  /** How often it was answered. */
  readonly answered: Map<string, number>;
  /** What was said against the rules of the wire. */
  readonly faults: string[];
  /** Our CALL that waits for its answer. */
  outstanding: { readonly id: string; readonly since: number } | undefined;
  ended: boolean;
}

const count = (of: Map<string, number>, id: string): void => void of.set(id, (of.get(id) ?? 0) + 1);

/** The shortest time after which a CALL of ours is given up; the beat before it may have just passed. */
const CALL_TIMEOUT_MS = 29_000;

/** What stands first in a frame can be read where the rest is no JSON. */
const headOf = (text: string): readonly [kind: number, id: string] => {
  const [, kind, id] = /^\[(\d),"([^"]*)"/.exec(text) ?? [];
  return [Number(kind), id ?? ''];
};

export function wireTap(time: Timeline): WireTap {
  const sockets = new Map<number, SeenSocket>();
  const at = (id: number): SeenSocket => {
    const known = sockets.get(id);
    if (known !== undefined) return known;
    const made: SeenSocket = {
      ...{ arrived: new Map(), answered: new Map(), faults: [], outstanding: undefined, ended: false },
    };
    sockets.set(id, made);
    return made;
  };
  return {
    sockets,
    sent: () => undefined,
    arrived: (id, text) => {
      const seen = at(id);
      const [kind, message] = headOf(text);
      if (kind === 2) count(seen.arrived, message);
      else if (seen.outstanding?.id === message) seen.outstanding = undefined;
    },
    answered: (id, text) => {
      const seen = at(id);
      const [kind, message] = headOf(text);
      if (kind !== 2) {
        count(seen.answered, message);
        if ((seen.answered.get(message) ?? 0) > (seen.arrived.get(message) ?? 0))
          seen.faults.push(`INV-07 ${message} on socket ${id} was answered more often than it was asked`);
        return;
      }
      if (seen.outstanding !== undefined && time.now - seen.outstanding.since < CALL_TIMEOUT_MS)
        seen.faults.push(`INV-08 ${text} on socket ${id} while ${seen.outstanding.id} is not answered`);
      seen.outstanding = { id: message, since: time.now };
    },
    ended: (id) => void (at(id).ended = true),
  };
}
