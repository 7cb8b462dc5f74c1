// pnpm pack:all [folder]: every published package with its SBOM, the licence report and the provenance. README and
// docs/supply-chain.md say what is in each. PLUGGA_SIGNING_KEY names a file with the Ed25519 key that signs.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packAll } from './supply/pack-all.ts';

const [folder = 'dist/packed', ...more] = process.argv.slice(2);
const { PLUGGA_SIGNING_KEY: keyFile, SOURCE_DATE_EPOCH: epoch } = process.env;

const momentOf = (seconds: string): Date => {
  if (!/^\d{1,11}$/.test(seconds)) throw new Error(`SOURCE_DATE_EPOCH is "${seconds}": whole seconds since 1970`);
  return new Date(Number(seconds) * 1000);
};

try {
  if (more.length > 0 || folder.startsWith('-')) throw new Error('usage: pnpm pack:all [folder]');
  const packages = packAll(resolve(folder), {
    command: 'pnpm pack:all',
    signingKey: keyFile === undefined ? undefined : readFileSync(keyFile, 'utf8'),
    at: epoch === undefined ? undefined : momentOf(epoch),
  });
  const signed = keyFile === undefined ? 'not signed: PLUGGA_SIGNING_KEY names no key' : `signed with ${keyFile}`;
  console.log(`${packages.length} packages in ${folder}, each with its SBOM; the provenance is ${signed}`);
} catch (error) {
  console.error(`pack: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
