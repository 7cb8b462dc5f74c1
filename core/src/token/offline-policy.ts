import { nearest } from '../nearest.ts';

/** What holds for a class of tokens while the database is away; hours count from when it was last known good. */
export type OfflineRule = 'always' | 'never' | { readonly hours: number };

export interface OfflinePolicy {
  /** By the token's type, in lower case. */
  readonly types: ReadonlyMap<string, OfflineRule>;
  readonly rest: OfflineRule;
  /** Tokens that the node does not know: undefined when nothing was said of them. */
  readonly unknown: 'always' | 'never' | undefined;
}

/** Token types as OCPP 2.x and OCPI spell them. Ours may have any name; of these a slip is seen. */
const types = [
  ...['Central', 'DirectPayment', 'eMAID', 'EVCCID', 'ISO14443', 'ISO15693', 'KeyCode', 'Local', 'MacAddress', 'VIN'],
  ...['NoAuthorization', 'RFID', 'APP_USER', 'AD_HOC_USER', 'OTHER'],
];
const special = ['unknown', 'default'];
/** Short names of one's own are like many others. */
const SHORT = 4;
const MOST_HOURS = 24 * 365;

export const lastKnownGoodForADay: OfflinePolicy = { types: new Map(), rest: { hours: 24 }, unknown: undefined };

/** `ISO14443=24h,eMAID=always,unknown=never,default=24h`: the policy, or one sentence for each mistake. */
export function offlinePolicyOf(text: string): OfflinePolicy | readonly string[] {
  const problems: string[] = [];
  const classes = new Map<string, OfflineRule>();
  for (const entry of text.split(',').flatMap((it) => it.trim() || [])) {
    const [name = '', value = '', ...more] = entry.split('=').map((it) => it.trim());
    const rule = ruleOf(value);
    if (name === '' || rule === undefined || more.length > 0) {
      problems.push(`"${entry}": a type and always, never or hours such as 24h, joined by =`);
      continue;
    }
    const known = [...types, ...special].find((it) => it.toLowerCase() === name.toLowerCase());
    const meant = known === undefined && name.length > SHORT ? nearest(name, [...types, ...special]) : undefined;
    if (meant !== undefined) problems.push(`"${name}" is no type of token, did you mean ${meant}?`);
    if (classes.has(name.toLowerCase())) problems.push(`"${name}" stands there twice`);
    if (known === 'unknown' && typeof rule === 'object')
      problems.push('"unknown" is always or never: what is not known was never known to be good');
    classes.set(name.toLowerCase(), rule);
  }
  if (problems.length > 0) return problems;
  const unknown = classes.get('unknown');
  const rest = classes.get('default') ?? lastKnownGoodForADay.rest;
  for (const name of special) classes.delete(name);
  return { types: classes, rest, unknown: typeof unknown === 'object' ? undefined : unknown };
}

export const ruleFor = (policy: OfflinePolicy, type: string | undefined): OfflineRule =>
  policy.types.get(type?.toLowerCase() ?? '') ?? policy.rest;

function ruleOf(value: string): OfflineRule | undefined {
  if (value === 'always' || value === 'never') return value;
  const hours = Number(/^(\d{1,4})h$/.exec(value)?.[1]);
  return hours >= 1 && hours <= MOST_HOURS ? { hours } : undefined;
}
