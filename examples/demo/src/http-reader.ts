import type { LiveEvent, Reader } from './reader.ts';

/** One message of the stream: `id:`, `event:` and `data:` lines. */
const tell = (block: string, heard: (event: LiveEvent) => void): void => {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n');
  if (data !== '') heard(JSON.parse(data) as LiveEvent);
};

/** Reads over plain fetch. */
export const httpReader = (url: string, key: string): Reader => {
  const headers = { authorization: `Bearer ${key}` };
  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /api/v1/${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    get: (path) => json('GET', path),
    post: (path, body) => json('POST', path, body),
    async follow(heard, until) {
      const response = await fetch(`${url}/api/v1/events`, { headers, signal: until });
      if (!response.ok || response.body === null) throw new Error(`GET /api/v1/events was answered ${response.status}`);
      const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
      const first = await chunks.next();
      let rest = first.done ? '' : first.value;
      const read = async (): Promise<void> => {
        for (let next = first; !next.done;) {
          const blocks = rest.split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) tell(block, heard);
          next = await chunks.next();
          rest += next.done ? '' : next.value;
        }
      };
      return { ended: read() };
    },
  };
};
