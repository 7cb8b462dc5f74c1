import { problemOf, ProblemError } from './problem.ts';
import { bearer, pause, urlOf, type Connection } from './request.ts';

/** One event of the log. */
export interface LiveEvent {
  readonly id: string;
  /** Its place in the log: to go on after it later. */
  readonly position: string;
  readonly type: string;
  readonly v: number;
  readonly at: string;
  readonly receivedAt: string;
  /** The station's OCPP identity. */
  readonly station: string | null;
  readonly session: string | null;
  readonly actor: string | null;
  readonly cause: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventsOptions {
  /** Only these; a name that ends in `.` stands for all that begin with it. */
  readonly types?: readonly string[];
  readonly station?: string;
  readonly session?: string;
  /** Position to go on after; what happens from now on when left out. */
  readonly after?: string;
  readonly signal?: AbortSignal;
  /** Told when the stream is open: nothing that happens later is missed. */
  readonly opened?: () => void;
}

/** The platform says every 15 s that it is there; silence of this long is a dead connection. */
const SILENCE_MS = 45_000;
const RETRY_MS = 2_000;

/** Events as they happen, for ever: a connection that breaks is opened again where it broke. Ends with the signal. */
export async function* events(connection: Connection, options: EventsOptions): AsyncGenerator<LiveEvent, void, void> {
  const { types, station, session, signal } = options;
  const query = { types: types?.join(','), station, session };
  let position = options.after;
  const over = () => signal?.aborted === true;
  while (!over()) {
    const alive = new AbortController();
    const stop = () => alive.abort();
    signal?.addEventListener('abort', stop);
    let silence = setTimeout(stop, SILENCE_MS);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
    };
    try {
      const response = await (connection.fetch ?? fetch)(urlOf(connection, '/events', { query }), {
        headers: {
          accept: 'text/event-stream',
          authorization: await bearer(connection),
          ...(position === undefined ? {} : { 'last-event-id': position }),
        },
        signal: alive.signal,
      });
      if (!response.ok && response.status < 500) throw new ProblemError(await problemOf(response));
      if (response.ok && response.body !== null)
        for await (const block of blocksOf(response.body, heard)) {
          // The first comment says where the stream begins, so that a break before the first event loses nothing.
          const begins = /^: (?:from|at) (\d+)$/m.exec(block)?.[1];
          if (begins !== undefined) {
            if (position === undefined) options.opened?.();
            position = begins;
          }
          const event = eventOf(block);
          if (event === undefined) continue;
          position = event.position;
          yield event;
        }
    } catch (error) {
      if (error instanceof ProblemError) throw error;
    } finally {
      clearTimeout(silence);
      alive.abort();
      signal?.removeEventListener('abort', stop);
    }
    if (!over()) await pause(RETRY_MS, signal);
  }
}

/** The stream cut at its empty lines. */
async function* blocksOf(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard();
      rest += decoder.decode(part.value, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      yield* blocks;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

// id: 7\nevent: session.started\ndata: {…}
function eventOf(block: string): LiveEvent | undefined {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');
  return data === '' ? undefined : (JSON.parse(data) as LiveEvent);
}
