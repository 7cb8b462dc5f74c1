import * as kit from '@plugga/kit';
import { type Adapter, type EventDef, type Fact, type Logged, read } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { testDialect } from '@plugga/testing';
import * as schemas16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as schemas201 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { describe, expect, test } from 'vitest';
import { aStation, t } from '../../core/src/session/story.test-station.ts';

const full = process.env.PLUGGA_TEST === 'full';

interface Schema {
  readonly $ref?: string;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly definitions?: Readonly<Record<string, Schema>>;
}
type Path = readonly (string | number)[];

/** As deep as anything that is read; below it is only passed on. */
const DEEPEST = 6;

/** A message with all that its schema lets it have. */
function fullOf(schema: Schema, root: Schema, depth = 0): unknown {
  if (schema.$ref !== undefined) return fullOf(root.definitions![schema.$ref.split('/').at(-1)!]!, root, depth);
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object': {
      const members = depth > DEEPEST ? [] : Object.entries(schema.properties ?? {});
      const said = members.filter(([name]) => name !== 'customData');
      return Object.fromEntries(said.map(([name, it]) => [name, fullOf(it, root, depth + 1)]));
    }
    case 'array':
      return [fullOf(schema.items!, root, depth + 1)];
    case 'string':
      return schema.format === 'date-time' ? new Date(t('12:00')).toISOString() : '1';
    case 'boolean':
      return true;
    default:
      return schema.minimum ?? 1;
  }
}

function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const own = [...path, Array.isArray(value) ? Number(name) : name];
    yield own;
    yield* pathsIn(member, own);
  }
}

function withMember(payload: unknown, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(payload);
  let inner = copy as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) inner = inner[name] as typeof inner;
  inner[path.at(-1)!] = value;
  return copy;
}

const ODD: readonly unknown[] = [
  ...[null, '', '__proto__', 'constructor', 'toString', 'Unheard', 'x'.repeat(3_000), '2024-02-30T00:00:00Z'],
  ...[[], {}, [null], true, -1, 0.5, 2 ** 31, 1e15, 1e300],
];

const definitions = new Map<string, EventDef>(
  Object.values(kit as Readonly<Record<string, unknown>>)
    .filter((it): it is EventDef => typeof it === 'object' && it !== null && 'type' in it && 'v' in it && 'data' in it)
    .map((it) => [it.type, it]),
);

/** What a plugin would not be able to read of the log. */
const unreadable = (log: readonly Logged[]): readonly string[] =>
  log.flatMap((event) => {
    try {
      read(definitions.get(event.type)!, event);
      return [];
    } catch {
      return [`${event.type} ${JSON.stringify(event.data).slice(0, 300)}`];
    }
  });

/** What each of the messages means, once where several mean the same. */
function meant(adapter: Adapter, action: string, payloads: readonly unknown[]): readonly (readonly Fact[])[] {
  const dialect = testDialect({ adapter });
  const found = new Map<string, readonly Fact[]>();
  for (const payload of payloads) {
    const heard = dialect.hear(JSON.stringify([2, 'odd', action, payload]));
    if (heard?.ok === true) found.set(JSON.stringify(heard.facts), heard.facts);
  }
  return [...found.values()];
}

/** Said at once: a station's log is folded anew after each time that it speaks. */
function logOf(action: string, facts: readonly Fact[]): readonly Logged[] {
  const station = aStation();
  station.put({ kind: 'message', action, messageId: 'odd', facts, deviations: [] });
  return station.log;
}

/** Messages of one station. */
const A_STATION = 50;

const versions = [
  { protocol: 'OCPP 1.6', adapter: ocpp16, schemas: schemas16 as object },
  { protocol: 'OCPP 2.1', adapter: ocpp21, schemas: schemas21 as object },
  // Read by what reads 2.1.
  ...(full ? [{ protocol: 'OCPP 2.0.1', adapter: ocpp201, schemas: schemas201 as object }] : []),
];

describe.each(versions)('$protocol', ({ adapter, schemas }) => {
  test.each(Object.keys(adapter.inbound))(
    'whatever a station writes into a member of %s, what is kept of it can be read again',
    (action) => {
      const all = schemas as Readonly<Record<string, Schema>>;
      const schema = all[`${action}Request`] ?? all[action]!;
      const whole = fullOf(schema, schema);
      const odd = [...pathsIn(whole)].flatMap((path) => ODD.map((value) => withMember(whole, path, value)));
      const failures: string[] = [];
      const told = meant(adapter, action, odd);
      for (let from = 0; from < told.length; from += A_STATION)
        failures.push(...unreadable(logOf(action, told.slice(from, from + A_STATION).flat())));
      expect(failures).toEqual([]);
    },
  );
});
