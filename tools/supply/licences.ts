import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import parse from 'spdx-expression-parse';
import { licenceOf, packageOf, type Bom } from './bom.ts';

export interface Licensed {
  readonly name: string;
  readonly version: string;
  /** SPDX; undefined where neither the package nor our list says it. */
  readonly licence: string | undefined;
  /** Copied into a tarball of ours, rather than installed beside it. */
  readonly bundled: boolean;
}

export interface Policy {
  /** SPDX identifiers. */
  readonly allowed: readonly string[];
  /** What we know better than a package says it, by name: packages of other platforms are not installed here. */
  readonly stated: Readonly<Record<string, string>>;
}

export const policy = JSON.parse(readFileSync(join(import.meta.dirname, 'allowed-licences.json'), 'utf8')) as Policy;

/** Every package of others in these SBOMs, once, by name. */
export const licensedIn = (boms: readonly Bom[], { stated }: Policy): readonly Licensed[] => {
  const found = new Map<string, Licensed>();
  for (const component of boms.flatMap(({ components }) => components)) {
    const name = packageOf(component);
    if (name.startsWith('@plugga/')) continue;
    const id = `${name}@${component.version}`;
    const bundled =
      (component.properties ?? []).some((it) => it.name === 'plugga:bundled') || found.get(id)?.bundled === true;
    found.set(id, { name, version: component.version, licence: stated[name] ?? licenceOf(component), bundled });
  }
  return [...found.values()].toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
};

/** What may not be shipped, in a sentence each that names the package. */
export const refusedOf = (licensed: readonly Licensed[], { allowed }: Policy): readonly string[] =>
  licensed.flatMap(({ name, version, licence }) => {
    if (licence === undefined) return [`${name}@${version} states no licence`];
    const fits = isAllowed(licence, new Set(allowed));
    if (fits === undefined) return [`${name}@${version}: "${licence}" is no SPDX expression`];
    return fits ? [] : [`${name}@${version}: ${licence} is not among the allowed licences`];
  });

/** Undefined when it is no SPDX expression. */
const isAllowed = (expression: string, allowed: ReadonlySet<string>): boolean | undefined => {
  const judge = (part: parse.Info): boolean => {
    if ('conjunction' in part) {
      const [left, right] = [judge(part.left), judge(part.right)];
      return part.conjunction === 'and' ? left && right : left || right;
    }
    const plus = part.plus === true ? '+' : '';
    const exception = part.exception === undefined ? '' : ` WITH ${part.exception}`;
    return allowed.has(`${part.license}${plus}${exception}`);
  };
  try {
    return judge(parse(expression));
  } catch {
    return undefined;
  }
};
