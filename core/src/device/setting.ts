const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '')
    .toSorted();

/**
 * Whether two texts are one setting: stations write `True` for `true`, `60.0` for `60`, and lists with spaces or in an order of
 * their own (OCPP 1.6 section 9: boolean, integer and CSL).
 */
export function sameSetting(a: string, b: string): boolean {
  const [one, other] = [a.trim(), b.trim()];
  if (one === other) return true;
  if (NUMBER.test(one) && NUMBER.test(other)) return Number(one) === Number(other);
  const [low, lowOther] = [one.toLowerCase(), other.toLowerCase()];
  if (/^(true|false)$/.test(low)) return low === lowOther;
  if (!one.includes(',') && !other.includes(',')) return false;
  return JSON.stringify(listOf(one)) === JSON.stringify(listOf(other));
}

/**
 * What plans and rules of ours look at, and each station has in memory: every configuration key of 1.6; of 2.x, whose variables
 * are thousands, what the controllers say of the station as a whole.
 */
export const isRemembered = (name: string): boolean => !name.includes('/') || /^[^/]*ctrlr[./][^@#]*$/i.test(name);

/** So many variables of one station, and so many characters of them: they are written with each of its messages. */
const MOST = 2_000;
const MOST_CHARACTERS = 128 * 1024;

/** What is remembered after a station has said more. What there is no room for is not remembered, and nothing stands of it that is no longer so. */
export function rememberedAfter(
  before: Readonly<Record<string, string>>,
  said: readonly (readonly [name: string, value: string])[],
): Readonly<Record<string, string>> {
  const after = new Map(Object.entries(before));
  let room = MOST_CHARACTERS;
  for (const [name, value] of after) room -= name.length + value.length;
  for (const [name, value] of said) {
    const old = after.get(name);
    if (old !== undefined) room += name.length + old.length;
    const needs = name.length + value.length;
    if (needs > room || (old === undefined && after.size >= MOST)) {
      after.delete(name);
      continue;
    }
    after.set(name, value);
    room -= needs;
  }
  return Object.fromEntries(after);
}

/** A station never shows these, and a template that many stations share must not hold them. */
export const isSecret = (name: string): boolean => /password|authorizationkey|simpin|presharedkey/i.test(name);
