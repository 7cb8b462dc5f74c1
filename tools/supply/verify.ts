import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { opened, type Envelope } from './envelope.ts';
import { envelopeFile, statementFile, subjectsIn, type Subject } from './files.ts';
import type { Statement } from './provenance.ts';

export interface Verdict {
  /** What differs, a sentence each; empty when the folder is what was packed. */
  readonly differences: readonly string[];
  readonly statement: Statement | undefined;
  readonly signature: 'none' | 'not checked' | 'good' | 'bad';
}

/**
 * Compares a folder with its provenance, file by file. With a public key (PEM) the statement must be signed by it; without
 * one, a good verdict says that nothing was changed by accident, and nothing of who packed it.
 */
export function verdictOn(folder: string, publicPem?: string): Verdict {
  const stated = textOf(join(folder, statementFile));
  const statement = stated === undefined ? undefined : jsonOf<Statement>(stated, isStatement);
  const sealed = textOf(join(folder, envelopeFile));
  const envelope = sealed === undefined ? undefined : jsonOf<Envelope>(sealed, isEnvelope);
  const signature = signatureOf(envelope, publicPem);
  return {
    statement,
    signature,
    differences: [
      ...(stated === undefined ? [`${statementFile} is missing`] : []),
      ...(stated !== undefined && statement === undefined ? [`${statementFile} is no in-toto statement`] : []),
      ...(sealed !== undefined && envelope === undefined ? [`${envelopeFile} is no DSSE envelope`] : []),
      ...(envelope !== undefined && payloadOf(envelope) !== stated
        ? [`${envelopeFile} signs another statement than ${statementFile}`]
        : []),
      ...(publicPem !== undefined && signature === 'none' ? [`the pack is not signed`] : []),
      ...(signature === 'bad' ? [`${envelopeFile} is not signed by the key that was given`] : []),
      ...(statement === undefined ? [] : changesOf(statement.subject, subjectsIn(folder))),
    ],
  };
}

const changesOf = (packed: readonly Subject[], found: readonly Subject[]): readonly string[] => {
  const there = new Map(found.map((it) => [it.name, it]));
  const named = new Set(packed.map(({ name }) => name));
  return [
    ...packed.flatMap(({ name, digest }) => {
      const file = there.get(name);
      if (file === undefined) return [`${name} is missing`];
      return (['sha256', 'sha512'] as const)
        .filter((it) => digest[it] !== file.digest[it])
        .map((it) => `${name}: ${it} is ${file.digest[it]}, when packed it was ${digest[it]}`);
    }),
    ...found.filter(({ name }) => !named.has(name)).map(({ name }) => `${name} was not packed with the others`),
  ];
};

const signatureOf = (envelope: Envelope | undefined, publicPem: string | undefined): Verdict['signature'] => {
  if (envelope === undefined) return 'none';
  if (publicPem === undefined) return 'not checked';
  return opened(envelope, publicPem) === undefined ? 'bad' : 'good';
};

const payloadOf = ({ payload }: Envelope): string => Buffer.from(payload, 'base64').toString('utf8');

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

const jsonOf = <T>(text: string, is: (value: Record<string, unknown>) => boolean): T | undefined => {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    return value !== null && typeof value === 'object' && is(value) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
};

const isStatement = ({ _type, subject }: Record<string, unknown>): boolean =>
  _type === 'https://in-toto.io/Statement/v1' &&
  Array.isArray(subject) &&
  subject.every((it: Partial<Subject> | null) => typeof it?.name === 'string' && typeof it.digest === 'object');

const isEnvelope = ({ payload, payloadType, signatures }: Record<string, unknown>): boolean =>
  typeof payload === 'string' &&
  typeof payloadType === 'string' &&
  Array.isArray(signatures) &&
  signatures.every((it: { sig?: unknown } | null) => typeof it?.sig === 'string');
