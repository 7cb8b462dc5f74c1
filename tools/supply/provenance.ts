import type { Subject } from './files.ts';

/** What a pack was made of and with. */
export interface Making {
  readonly command: string;
  /** Undefined outside a git tree. */
  readonly source: { readonly commit: string; readonly clean: boolean } | undefined;
  readonly lockfileSha256: string;
  readonly node: string;
  readonly pnpm: string;
  readonly platform: string;
  /** The moment, where SOURCE_DATE_EPOCH gives one. */
  readonly at?: Date | undefined;
}

/** An in-toto Statement v1 with the predicate of SLSA provenance v1. */
export interface Statement {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly Subject[];
  readonly predicateType: 'https://slsa.dev/provenance/v1';
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: { readonly command: string };
      readonly internalParameters: { readonly platform: string };
      readonly resolvedDependencies: readonly ResourceDescriptor[];
    };
    readonly runDetails: {
      readonly builder: { readonly id: string; readonly version: Readonly<Record<string, string>> };
      readonly metadata?: { readonly finishedOn: string };
    };
  };
}

interface ResourceDescriptor {
  readonly name: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, boolean>>;
}

/**
 * Who packed what from what. The builder is whoever ran the command, on a machine of their own: level 1 of SLSA, and a
 * claim that only a signature makes someone's.
 */
export const statementOf = (subject: readonly Subject[], making: Making): Statement => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject,
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: 'urn:plugga:pack:1',
      externalParameters: { command: making.command },
      internalParameters: { platform: making.platform },
      resolvedDependencies: [
        ...(making.source === undefined
          ? []
          : [
              {
                name: 'source',
                digest: { gitCommit: making.source.commit },
                annotations: { clean: making.source.clean },
              },
            ]),
        { name: 'pnpm-lock.yaml', digest: { sha256: making.lockfileSha256 } },
      ],
    },
    runDetails: {
      builder: { id: 'urn:plugga:builder:own-machine', version: { node: making.node, pnpm: making.pnpm } },
      ...(making.at === undefined ? {} : { metadata: { finishedOn: making.at.toISOString() } }),
    },
  },
});
