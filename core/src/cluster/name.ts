import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '../ports.ts';

const pattern = /^[\w-]{1,40}$/;

/** What this node is called: PLUGGA_NODE, else a name that is drawn once and kept with the data. */
export async function nodeName(o: {
  readonly node: string | undefined;
  readonly dataDir: string;
  readonly random: Random;
}): Promise<string> {
  if (o.node !== undefined) return o.node;
  const file = join(o.dataDir, 'node');
  const kept = async (): Promise<string | undefined> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return pattern.test(text.trim()) ? text.trim() : undefined;
  };
  const known = await kept();
  if (known !== undefined) return known;
  const drawn = `node-${Buffer.from(o.random.bytes(5)).toString('hex')}`;
  await mkdir(o.dataDir, { recursive: true });
  await writeFile(file, `${drawn}\n`, { flag: 'wx' }).catch(() => writeFile(file, `${drawn}\n`));
  return drawn;
}
