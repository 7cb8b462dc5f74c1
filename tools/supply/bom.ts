/** The part of CycloneDX 1.6 that we write and read. */
export interface Bom {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: string;
  readonly serialNumber?: string;
  readonly version: number;
  readonly metadata: {
    readonly timestamp?: string;
    readonly component: Component;
    readonly [more: string]: unknown;
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

export interface Component {
  readonly type: string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly 'bom-ref': string;
  readonly description?: string;
  readonly hashes?: readonly Hash[];
  readonly licenses?: readonly Licence[];
  readonly purl: string;
  readonly externalReferences?: readonly {
    readonly type: string;
    readonly url: string;
    readonly hashes?: readonly Hash[];
  }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

export interface Hash {
  readonly alg: string;
  readonly content: string;
}

export type Licence =
  | { readonly license: { readonly id?: string; readonly name?: string } }
  | { readonly expression: string };

export interface Dependency {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** `@plugga/core`: as package.json writes it. */
export const packageOf = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

/** One SPDX expression, or undefined where the package says nothing. */
export const licenceOf = ({ licenses = [] }: Component): string | undefined => {
  const stated = licenses
    .map((one) => ('expression' in one ? one.expression : (one.license.id ?? one.license.name)))
    .filter((one) => one !== undefined);
  return stated.length === 0
    ? undefined
    : stated.length === 1
      ? stated[0]
      : stated.map((one) => `(${one})`).join(' AND ');
};
