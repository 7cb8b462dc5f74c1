import { type Key, keys as standard } from './keys.ts';

/** The station's configuration. Keys are compared without regard to case (OCPP 1.6 type CiString50). */
export interface Configuration {
  text(key: string): string;
  number(key: string): number;
  on(key: string): boolean;
  list(key: string): readonly string[];
  /** The answer to ChangeConfiguration. */
  change(key: string, value: string): 'Accepted' | 'Rejected' | 'NotSupported' | 'RebootRequired';
  /** The station itself sets a key, read-only or not. */
  set(key: string, value: string): void;
  /** The answer to GetConfiguration; every key when none is named. */
  report(wanted: readonly string[]): {
    configurationKey: { key: string; readonly: boolean; value: string }[];
    unknownKey: string[];
  };
  /** What waits for a restart comes true. */
  restarted(): void;
  values(): Record<string, string>;
}

/** A text that is split at its commas. */
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Keys of `given` that the table lacks are the vendor's own: text that can be changed. */
export const configuration = (
  given: Readonly<Record<string, string>>,
  /** What a make has otherwise; undefined: it lacks that key. */
  otherwise: Readonly<Record<string, Partial<Key> | undefined>> = {},
  table: Readonly<Record<string, Key>> = standard,
): Configuration => {
  const keys: Record<string, Key> = { ...table };
  for (const [key, change] of Object.entries(otherwise)) {
    if (change === undefined) delete keys[key];
    else keys[key] = { value: '', ...keys[key], ...change };
  }
  const names = new Map(Object.keys(keys).map((key) => [key.toLowerCase(), key]));
  for (const [name, { also }] of Object.entries(keys)) if (also !== undefined) names.set(also.toLowerCase(), name);
  const values: Record<string, string> = {};
  const waiting: Record<string, string> = {};
  for (const [key, { value }] of Object.entries(keys)) values[key] = value;
  for (const [key, value] of Object.entries(given)) {
    const name = names.get(key.toLowerCase()) ?? key;
    if (keys[name] === undefined) keys[name] = { value };
    names.set(name.toLowerCase(), name);
    values[name] = value;
  }
  const text = (key: string): string => values[names.get(key.toLowerCase()) ?? key] ?? '';

  const fits = (key: Key, value: string): boolean => {
    if (value.length > 500) return false;
    if (key.boolean && !/^(true|false)$/i.test(value)) return false;
    if (key.pattern !== undefined && !key.pattern.test(value)) return false;
    if (key.number !== undefined) {
      const [least, most] = key.number;
      if (!/^\d{1,10}$/.test(value) || Number(value) < least || Number(value) > most) return false;
    }
    if (key.list === undefined) return true;
    const { of, mostKey } = key.list;
    const parts = listOf(value);
    return parts.every((part) => of.includes(part)) && (mostKey === undefined || parts.length <= Number(text(mostKey)));
  };

  return {
    text,
    number: (key) => Number(text(key)),
    on: (key) => text(key).toLowerCase() === 'true',
    list: (key) => listOf(text(key)),
    change(key, value) {
      const name = names.get(key.toLowerCase());
      const known = name === undefined ? undefined : keys[name];
      if (name === undefined || known === undefined) return 'NotSupported';
      if (known.readonly || !fits(known, value)) return 'Rejected';
      if (known.reboot) waiting[name] = value;
      else values[name] = value;
      return known.reboot ? 'RebootRequired' : 'Accepted';
    },
    set(key, value) {
      values[names.get(key.toLowerCase()) ?? key] = value;
    },
    report(wanted) {
      const unknownKey = wanted.filter((key) => !names.has(key.toLowerCase()));
      const asked =
        wanted.length === 0 ? Object.keys(keys) : wanted.flatMap((key) => names.get(key.toLowerCase()) ?? []);
      const configurationKey = asked
        .filter((key) => !keys[key]?.secret)
        .map((key) => ({ key, readonly: keys[key]?.readonly === true, value: text(key) }));
      return { configurationKey, unknownKey };
    },
    restarted() {
      for (const [key, value] of Object.entries(waiting)) {
        values[key] = value;
        delete waiting[key];
      }
    },
    values: () => ({ ...values, ...waiting }),
  };
};
