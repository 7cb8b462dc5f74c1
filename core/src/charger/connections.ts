import { instant, type Adapter, type StationId } from '@plugga/kit';
import type { Renewed } from '../site/pending-credentials.ts';
import type { Link } from '../ports.ts';
import { Connection, type Surroundings } from './connection.ts';
import type { Conversation, StationActor, StationCredentials, Stations } from './face.ts';
import { boundsOf, FRAME_BYTES } from './limits.ts';
import { TakeOvers } from './take-overs.ts';

/** A station that was let in: who it is, what it speaks, and the actor that will hear it. */
export interface Guest {
  readonly credentials: StationCredentials;
  readonly adapter: Adapter;
  readonly actor: StationActor;
  readonly generation: number;
  /** Nobody knew it before. */
  readonly adopted: boolean;
  readonly securityProfile: number;
  /** It came with what it was given. */
  readonly renewed?: Renewed | undefined;
  readonly address: string;
  /** The host of its request. */
  readonly host?: string | undefined;
  /** Fingerprint of the certificate that it showed. */
  readonly certificate?: string | undefined;
}

export interface Connections {
  readonly count: number;
  readonly draining: boolean;
  /** Nothing can be kept of what stations say: all are closed with 1013, and none is let in. */
  shut: boolean;
  /** Longest frame that is taken from that station. */
  frameBytes(station: StationId): number;
  open(guest: Guest, link: Link): void;
  /** Gone while it was let in: the count is the newest, so its end is said as well. */
  vanished(guest: Guest): void;
  /** Once a second. */
  tick(): void;
  /** Waits until what was said is answered, and closes all with 1012. */
  drain(seconds: number): Promise<void>;
}

/** When all are let go of: at most 1,000 a second, and in the first part of the drain, so that the last has time for its answers. */
const SPREAD_MS = 20;
const CLOSED_AT_ONCE = 20;
const SPREAD_SHARE = 0.6;
const NOTHING_KEPT = 'nothing can be stored, try again later';

/** All connections of a node: of each station the newest counts. */
export function createConnections(
  around: Surroundings,
  { securityNoted }: Pick<Stations, 'securityNoted'>,
): Connections {
  const { clock, log } = around;
  const takeOvers = new TakeOvers(clock);
  const open = new Set<Connection>();
  const newest = new Map<StationId, { readonly connection: Connection; readonly address: string }>();
  const raised = new Set<StationId>();
  let drained: (() => void) | undefined;
  let shut = false;

  const frameBytes = (station: StationId): number => (raised.has(station) ? FRAME_BYTES.raised : FRAME_BYTES.known);

  /** Says it at once, so that the actor knows the connection before its first message. */
  const introduce = async (
    { actor, address, securityProfile, renewed, host, certificate }: Guest,
    conversation: Conversation,
  ): Promise<void> => {
    try {
      await actor.connected(conversation, { address, securityProfile, renewed, host, certificate });
    } catch (error) {
      log.error('connection not taken', { station: conversation.station, error });
      conversation.close(1013, 'try again later');
    }
  };

  const ended = (connection: Connection): void => {
    open.delete(connection);
    if (newest.get(connection.station)?.connection === connection) newest.delete(connection.station);
    if (open.size === 0) drained?.();
  };

  /** One after the other: who is closed dials again at once, and they should not all arrive in one moment. */
  const spread = (leaving: readonly Connection[], seconds: number): (() => void) => {
    const each = Math.max(
      CLOSED_AT_ONCE,
      Math.ceil((leaving.length * SPREAD_MS) / (seconds * 1000 * SPREAD_SHARE + 1)),
    );
    let cancel = (): void => undefined;
    const next = (from: number): void => {
      for (const connection of leaving.slice(from, from + each)) connection.drain();
      if (from + each >= leaving.length) return;
      cancel = clock.at(instant(clock.now() + SPREAD_MS), () => next(from + each));
    };
    next(0);
    return () => cancel();
  };

  return {
    get count() {
      return open.size;
    },
    get draining() {
      return drained !== undefined;
    },
    get shut() {
      return shut;
    },
    set shut(is) {
      shut = is;
      if (is) for (const connection of open) connection.close(1013, NOTHING_KEPT);
    },
    frameBytes,
    open: (guest, link) => {
      const { credentials, adapter, actor, generation, address } = guest;
      const { station, identity } = credentials;
      const connection = new Connection(around, {
        link,
        credentials,
        adapter,
        actor,
        generation,
        bounds: boundsOf(frameBytes(station)),
        firstFrameBytes: guest.adopted ? FRAME_BYTES.unknown : undefined,
        tooLarge: () => raised.add(station),
        ended,
      });
      open.add(connection);
      const before = newest.get(station);
      if (before !== undefined && before.connection.generation > generation)
        return connection.close(1000, 'a newer connection has taken over');
      if (before?.connection.open === true && takeOvers.add(station, before.address, address))
        securityNoted({
          credentials,
          identity,
          kind: 'identity-conflict',
          detail: `taken over again, from ${before.address} to ${address}`,
        });
      newest.set(station, { connection, address });
      around.count('connected', { protocol: adapter.protocol });
      void introduce(guest, connection);
      if (drained !== undefined) connection.drain();
      if (shut) connection.close(1013, NOTHING_KEPT);
    },
    vanished: (guest) => {
      void introduce(guest, goneBefore(guest));
      guest.actor.disconnected(guest.generation, 1006, 'gone during the handshake');
    },
    tick: () => {
      takeOvers.sweep();
      for (const connection of open) connection.tick();
    },
    drain: async (seconds) => {
      const empty = new Promise<void>((done) => {
        drained = done;
      });
      const cancel = clock.at(instant(clock.now() + seconds * 1000), () => {
        for (const connection of open) connection.close(1012, 'the platform restarts');
      });
      const cancelSpread = spread([...open], seconds);
      if (open.size > 0) await empty;
      cancelSpread();
      cancel();
    },
  };
}

/** A socket that was gone before it was upgraded, as the actor sees it. */
const goneBefore = ({ credentials, generation, adapter }: Guest): Conversation => ({
  station: credentials.station,
  generation,
  adapter,
  open: false,
  call: () => Promise.resolve({ kind: 'closed' }),
  retime: () => undefined,
  close: () => undefined,
});
