import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command.ts';
import { advisoriesIn, MalformedAdvisories, type Advisory } from './advisory.ts';

/**
 * The advisories of a file, or of every .json below a folder, one file after the other: a whole database of them need not
 * fit into memory. One that cannot be read ends it: what is not understood must not look like "none".
 */
export async function* advisoriesAt(path: string): AsyncGenerator<Advisory> {
  for (const file of await filesAt(path)) {
    try {
      yield* advisoriesIn(await readFile(file, 'utf8'));
    } catch (cause) {
      if (cause instanceof MalformedAdvisories) throw new UsageError(`${file} ${cause.message}`, { cause });
      throw cause;
    }
  }
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  });
  if (!found.isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  const files = names.filter((name) => name.endsWith('.json')).toSorted();
  if (files.length === 0) throw new UsageError(`${path} holds no .json file`);
  return files.map((name) => join(path, name));
}
