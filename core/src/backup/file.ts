import { createHash, randomUUID, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { fail, type z } from '@plugga/kit';
import {
  countSchema,
  digestBytes,
  formatVersion,
  type Header,
  headerSchema,
  magicOf,
  type Part,
  partSchema,
  trailerSchema,
} from './format.ts';
import { framesIn } from './frames.ts';
import { countRows, type RowCount } from './rows.ts';

/** Much of it is text that repeats itself; more effort costs more time than it saves room. */
const effort = { level: 3 };
const magic = Buffer.from(magicOf(formatVersion));

/** The bytes of a backup file from its frames. */
async function* sealed(frames: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256').update(magic);
  yield magic;
  const gzip = createGzip(effort);
  const writing = pipeline(Readable.from(frames, { objectMode: false, highWaterMark: 256 * 1024 }), gzip);
  writing.catch(() => undefined); // told by the loop, or below
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
  await writing;
  yield hash.digest();
}

/** Writes a new file, private to us: under another name, renamed when it is whole and on disk. Returns its bytes. */
export async function writeBackup(path: string, frames: AsyncIterable<Buffer>): Promise<number> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) throw fail('conflict', `${path} is there already: a backup is never overwritten`);
  const half = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const out = createWriteStream(half, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(sealed(frames), out);
    await named(half, path);
    await sync(dirname(path));
    return out.bytesWritten;
  } catch (cause) {
    await rm(half, { force: true });
    if ((cause as { code?: string }).code === 'EEXIST')
      throw fail('conflict', `${path} is there already: a backup is never overwritten`, { cause });
    throw cause;
  }
}

/** Not by `rename` where the file system has links: that would replace what came to be there meanwhile. */
const named = async (half: string, path: string): Promise<void> => {
  try {
    await link(half, path);
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') throw error;
    return rename(half, path);
  }
  await rm(half);
};

/** To standard output, where another program takes it. */
export async function pipeBackup(frames: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  const out = createWriteStream('', { fd: 1, autoClose: false });
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of sealed(frames)) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(counted(), out);
  return bytes;
}

const sync = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
};

/** Reads the whole file once: every byte of it is as it was written, or this throws. Returns its size. */
export async function checkBackup(path: string, seen?: (bytes: number) => void): Promise<number> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw fail('not-found', `there is no backup ${path}`, { cause });
  });
  const first = await bytesAt(path, 0, magic.length);
  if (!first.equals(magic)) throw notOurs(path, first);
  if (size <= magic.length + digestBytes) throw fail('backup-damaged', `${path} is cut off after ${size} bytes`);
  const hash: Hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(path, { end: size - digestBytes - 1 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    seen?.((read += chunk.length));
  }
  const end = await bytesAt(path, size - digestBytes, digestBytes);
  if (!hash.digest().equals(end))
    throw fail('backup-damaged', `${path} is not as it was written: it was cut off or changed`);
  return size;
}

const bytesAt = async (path: string, at: number, length: number): Promise<Buffer> => {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

const notOurs = (path: string, first: Buffer): Error => {
  const other = /^PLUGGA-BACKUP (\d+)/.exec(first.toString('latin1'))?.[1];
  if (other !== undefined && Number(other) !== formatVersion)
    return fail(
      'backup-unfit',
      `${path} is a backup of format ${other}, this program reads format ${formatVersion}: take a newer one`,
    );
  return fail('backup-damaged', `${path} is no backup of ours, or its first bytes are gone`);
};

/** Takes the parts of a backup in order; what a part gives must be read before the next one comes. */
export interface Reader {
  header(header: Header): Promise<void>;
  part(part: Part, bytes: AsyncIterable<Buffer>): Promise<void>;
}

/** The file was checked before: what does not fit now was written so, or changed since. */
export async function readBackup(path: string, reader: Reader): Promise<void> {
  const { size } = await stat(path);
  const source = createReadStream(path, {
    start: magic.length,
    end: size - digestBytes - 1,
    highWaterMark: 256 * 1024,
  });
  const gunzip = createGunzip();
  const unpacking = pipeline(source, gunzip);
  unpacking.catch(() => undefined); // told by the loop, or below
  const frames = framesIn(gunzip as AsyncIterable<Buffer>);
  const next = async () => {
    const { value } = await frames.next().catch((cause: unknown) => {
      throw fail('backup-damaged', `${path} cannot be unpacked: ${String(cause)}`, { cause });
    });
    return value;
  };
  try {
    const first = await next();
    if (first?.kind !== 'H') throw fail('backup-damaged', `${path} does not begin with what it is`);
    await reader.header(jsonIn(headerSchema, first.body));
    let parts = 0;
    for (;;) {
      const frame = await next();
      if (frame?.kind === 'Z') {
        const said = jsonIn(trailerSchema, frame.body);
        if (said.parts !== parts) throw fail('backup-damaged', `${path} has ${parts} of its ${said.parts} parts`);
        break;
      }
      if (frame?.kind !== 'P') throw fail('backup-damaged', `${path} ends after ${parts} parts`);
      const part = jsonIn(partSchema, frame.body);
      let came: RowCount | undefined;
      const counter = countRows();
      const body = async function* (): AsyncGenerator<Buffer> {
        for (;;) {
          const piece = await next();
          if (piece?.kind === 'E') return void (came = jsonIn(countSchema, piece.body));
          if (piece?.kind !== 'D') throw fail('backup-damaged', `${path} ends inside a part`);
          counter.add(piece.body);
          yield piece.body;
        }
      };
      await reader.part(part, body());
      if (JSON.stringify(came) !== JSON.stringify(counter.result()))
        throw fail(
          'backup-damaged',
          `the rows of ${JSON.stringify(part).slice(0, 80)} are not those that were counted`,
        );
      parts += 1;
    }
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

const jsonIn = <S extends z.ZodType>(schema: S, body: Buffer): z.output<S> => {
  try {
    return schema.parse(JSON.parse(body.toString('utf8')));
  } catch (cause) {
    throw fail('backup-damaged', 'a record of the backup is not readable', { cause });
  }
};

/** What a backup says of itself. */
export async function headerIn(path: string): Promise<Header> {
  let found: Header | undefined;
  const enough = new Error('enough');
  await readBackup(path, {
    header: (header) => {
      found = header;
      return Promise.reject(enough);
    },
    part: () => Promise.resolve(),
  }).catch((error: unknown) => {
    if (error !== enough) throw error;
  });
  if (found === undefined) throw fail('backup-damaged', `${path} says nothing of itself`);
  return found;
}
