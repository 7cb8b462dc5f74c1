import { deflateRawSync, constants } from 'node:zlib';
import { dialRaw, FIN, headerOf, type RawSocket, RSV1, TEXT } from './raw-socket.ts';

/** Stations that send 100 MiB in one message, in each of the ways there are; every one must be closed and cost nothing. */

const BYTES = 100 * 1_048_576;
const PIECE = Buffer.alloc(65_536);
const DEFLATE = 'permessage-deflate';

interface Kind {
  readonly name: string;
  readonly protocol: string;
  readonly extensions?: string;
  /** The code that the connection must be closed with. */
  readonly closes: number;
  /** What is written until the line is closed. */
  readonly bytes: () => Iterable<Buffer>;
}

/** About 100 KiB that inflate to 100 MiB. */
const deflated = deflateRawSync(Buffer.alloc(BYTES), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

function* pieces(): Iterable<Buffer> {
  for (let left = BYTES; left > 0; left -= PIECE.length) yield PIECE;
}

const kinds: readonly Kind[] = [
  {
    name: 'one frame',
    protocol: 'ocpp1.6',
    closes: 1_009,
    *bytes() {
      yield headerOf(FIN | TEXT, BYTES);
      yield* pieces();
    },
  },
  {
    name: 'fragments',
    protocol: 'ocpp1.6',
    closes: 1_009,
    *bytes() {
      let first = TEXT;
      for (const piece of pieces()) {
        yield headerOf(first, piece.length);
        yield piece;
        first = 0;
      }
    },
  },
  {
    // Offered, and for 1.6 never agreed on: the flag of a compressed message breaks the protocol.
    name: 'deflated',
    protocol: 'ocpp1.6',
    extensions: DEFLATE,
    closes: 1_002,
    *bytes() {
      yield headerOf(FIN | RSV1 | TEXT, deflated.length);
      yield deflated;
    },
  },
  {
    name: 'deflated, without a subprotocol',
    protocol: 'ocpp9.9',
    extensions: DEFLATE,
    closes: 1_002,
    *bytes() {
      yield headerOf(FIN | RSV1 | TEXT, deflated.length);
      yield deflated;
    },
  },
];

const pour = async (line: RawSocket, bytes: Iterable<Buffer>): Promise<void> => {
  const { socket } = line;
  for (const piece of bytes) {
    if (socket.destroyed || !socket.writable) return;
    if (socket.write(piece)) continue;
    await new Promise<void>((done) => void socket.once('drain', done).once('close', done));
  }
};

interface Went {
  readonly agreed: boolean;
  readonly code: number;
  readonly status: number;
}

const bomb = (port: number, identity: string, kind: Kind): Promise<Went> =>
  new Promise((done) => {
    let agreed = false;
    const line = dialRaw({
      port,
      path: `/ocpp/${identity}`,
      protocol: kind.protocol,
      ...(kind.extensions === undefined ? {} : { extensions: kind.extensions }),
      opened(head) {
        agreed = head.toLowerCase().includes(DEFLATE);
        void pour(line, kind.bytes());
      },
      closed: (code, status) => done({ agreed, code, status }),
    });
  });

export interface Bombed {
  readonly bombs: number;
  /** How often each kind of bomb was closed with which code, `fragments: 1009`. */
  readonly closes: Readonly<Record<string, number>>;
}

/** So many stations bomb for so long, each kind in turn; throws when one is let through. */
export const bombard = async (o: {
  readonly port: number;
  readonly prefix: string;
  readonly stations: number;
  readonly ms: number;
}): Promise<Bombed> => {
  const until = performance.now() + o.ms;
  const closes: Record<string, number> = {};
  let bombs = 0;
  const bomber = async (index: number): Promise<void> => {
    for (let turn = index; performance.now() < until; turn += 1) {
      const kind = kinds[turn % kinds.length]!;
      const went = await bomb(o.port, `${o.prefix}${index}`, kind);
      bombs += 1;
      const what = went.status === 101 ? String(went.code) : `HTTP ${went.status}`;
      closes[`${kind.name}: ${what}`] = (closes[`${kind.name}: ${what}`] ?? 0) + 1;
      if (went.agreed) throw new Error(`${kind.name}: ${DEFLATE} was agreed on`);
      // The reset of a socket that still sends can overtake the close frame.
      if (went.code !== kind.closes && went.code !== 1_006) throw new Error(`${kind.name}: closed with ${what}`);
    }
  };
  await Promise.all(Array.from({ length: o.stations }, (_, index) => bomber(index)));
  return { bombs, closes };
};
