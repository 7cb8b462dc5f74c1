import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The statement of a pack, and the same signed. */
export const statementFile = 'provenance.json';
export const envelopeFile = 'provenance.dsse.json';

export interface Subject {
  readonly name: string;
  readonly digest: { readonly sha256: string; readonly sha512: string };
}

const digest = (algorithm: string, bytes: Uint8Array): string => createHash(algorithm).update(bytes).digest('hex');

export const sha256Of = (bytes: Uint8Array): string => digest('sha256', bytes);

/** Every file of a pack but its provenance, by name. */
export const subjectsIn = (folder: string): readonly Subject[] =>
  readdirSync(folder)
    .filter((name) => name !== statementFile && name !== envelopeFile)
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return { name, digest: { sha256: digest('sha256', bytes), sha512: digest('sha512', bytes) } };
    });
