#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Deployment } from '@plugga/kit';

const oldestNode = 24;
if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(
    `Plugga runs on Node ${oldestNode} or later, this is ${process.version}; \`pnpm\` scripts bring the right one on Linux.`,
  );
  process.exit(1);
}

// What was compiled once is read the next time: a start costs half the CPU. Beside the program, where only its owner writes;
// where nobody may write (a read-only container), everything is compiled as before.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

/** The deployment of the folder that we work in. */
const loadDeployment = async (): Promise<Deployment> => {
  const path = ['plugga.config.ts', 'plugga.config.js'].map((name) => resolve(name)).find((name) => existsSync(name));
  if (path === undefined) throw new Error(`there is no plugga.config.ts in ${process.cwd()}`);
  const module = (await import(pathToFileURL(path).href)) as { default?: Deployment };
  if (module.default === undefined)
    throw new Error(`${path} has no default export: export default defineDeployment({ … })`);
  return module.default;
};

/** Asked once: a package manager passes on the signal that the whole group has had already. */
const ended = new Promise<string>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal));
});

// After the check above: what it loads needs the right Node.
const { main } = await import('./cli/main.ts');
const code = await main(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  deployment: loadDeployment,
  ended,
  reload: (run) => void process.on('SIGHUP', run),
});
process.exit(code);
