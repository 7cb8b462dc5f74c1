import { fail } from '@plugga/kit';

/**
 * What is inside a backup: frames of one letter, a length and a body. `H` header, then for each part `P` its name, `D` its
 * bytes in pieces, `E` what it came to; `Z` closes. The JSON of each is in ./format.ts.
 */
export type Kind = 'H' | 'P' | 'D' | 'E' | 'Z';
export interface Frame {
  readonly kind: Kind;
  readonly body: Buffer;
}

const headBytes = 5;
/** Pieces are cut far below; more is no frame of ours. */
const mostBytes = 64 * 1024 * 1024;
const kinds = new Set<string>(['H', 'P', 'D', 'E', 'Z']);

export const frameOf = (kind: Kind, body: Buffer): Buffer => {
  const head = Buffer.alloc(headBytes);
  head.write(kind, 0, 'latin1');
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
};

export const jsonFrame = (kind: Kind, value: unknown): Buffer => frameOf(kind, Buffer.from(JSON.stringify(value)));

/** Cuts a stream of bytes into its frames again; holds no more than one. */
export async function* framesIn(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let held: Buffer[] = [];
  let size = 0;
  const take = (count: number): Buffer => {
    const all = held.length === 1 ? held[0]! : Buffer.concat(held);
    const rest = all.subarray(count);
    held = rest.length === 0 ? [] : [rest];
    size = rest.length;
    return all.subarray(0, count);
  };
  let head: { readonly kind: Kind; readonly length: number } | undefined;
  for await (const chunk of bytes) {
    held.push(chunk);
    size += chunk.length;
    for (;;) {
      if (head === undefined) {
        if (size < headBytes) break;
        head = headIn(take(headBytes));
      }
      if (size < head.length) break;
      yield { kind: head.kind, body: take(head.length) };
      head = undefined;
    }
  }
  if (head !== undefined || size > 0) throw fail('backup-damaged', 'the backup ends in the middle of a record');
}

const headIn = (bytes: Buffer): { kind: Kind; length: number } => {
  const kind = bytes.toString('latin1', 0, 1);
  const length = bytes.readUInt32BE(1);
  if (!kinds.has(kind) || length > mostBytes) throw fail('backup-damaged', 'the backup holds a record that is none');
  return { kind: kind as Kind, length };
};
