import { readFile } from 'node:fs/promises';
import { PluggaError, type CliCommand } from '@plugga/kit';
import { parseLossless } from './lossless.ts';
import { priceVector } from './vector.ts';

const exit = { done: 0, refused: 1, usage: 2 } as const;

/** `plugga tariff price <file>`: prices the vectors of a file, without a database and without a running platform. */
export const tariffPrice: CliCommand = {
  summary:
    'Prices {tariffs, session}, or the list of them under "vectors", and prints one line of JSON for each. Exit code 0: all are priced; 1: some cannot be, named on standard error; 2: the file cannot be read.',
  usage: 'plugga tariff price <file.json>',
  run: async ({ args, out, err }) => {
    const [path, ...more] = args;
    if (path === undefined || more.length > 0) {
      err('usage: plugga tariff price <file.json>');
      return exit.usage;
    }
    const vectors = await read(path, err);
    if (vectors === undefined) return exit.usage;
    let code: number = exit.done;
    vectors.forEach((vector, at) => {
      const name = nameOf(vector) ?? `vector ${at + 1}`;
      try {
        out(JSON.stringify({ name, ...priceVector(vector) }));
      } catch (error) {
        if (!(error instanceof PluggaError)) throw error;
        const { errors } = (error.details ?? {}) as { errors?: readonly { path: string; message: string }[] };
        for (const it of errors ?? [{ path: 'vector', message: error.message }])
          err(`${name}: ${it.path}: ${it.message}`);
        code = exit.refused;
      }
    });
    return code;
  },
};

async function read(path: string, err: (text: string) => void): Promise<readonly unknown[] | undefined> {
  try {
    const all = parseLossless(await readFile(path, 'utf8'));
    if (Array.isArray(all)) return all;
    const { vectors } = (all ?? {}) as { readonly vectors?: unknown };
    return Array.isArray(vectors) ? vectors : [all];
  } catch (error) {
    err(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

const nameOf = (vector: unknown): string | undefined => {
  const { name } = (vector ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
};
