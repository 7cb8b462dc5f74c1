import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { instant, PluggaError, type Log, type StationId, type TenantId } from '@plugga/kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aSession, aUnit, noon } from '../db/store.test-support.ts';
import { openStanding, type Standing } from './standing.ts';

const tenant = 'tenant' as TenantId;
const one = { secret: Buffer.alloc(32, 1), homeTenant: tenant };
const station = 'station-1' as StationId;
let folder: string;
let path: string;
let now = noon;
let said: string[] = [];
let open: Standing[] = [];
const log: Log = {
  ...{ debug: () => {}, info: () => {} },
  warn: (message) => void said.push(message),
  error: (message) => void said.push(message),
};

/** What waits for time, and how to let it pass. */
let waiting = new Set<() => void>();
const clock = {
  now: () => now,
  at: (_: unknown, run: () => void) => {
    waiting.add(run);
    return () => void waiting.delete(run);
  },
};
const timePasses = (): void => {
  const due = waiting;
  waiting = new Set();
  for (const run of due) run();
};

const start = (boot: string | undefined = 'boot 1'): Standing => {
  const standing = openStanding({ path, clock, log, boot });
  open.push(standing);
  return standing;
};
/** As kill -9 leaves it: the file as it lies there, with nobody who closes it. */
const killed = (): void => {
  const copies = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
  open.pop()?.close();
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const [name, bytes] of copies) writeFileSync(join(folder, name), bytes);
};
const removeAll = (): void => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
};
const filled = (): Standing => {
  const standing = start();
  standing.belongsTo(one);
  const pass = standing.beginPass();
  standing.keepStations([{ credentials, generation: 3 }], pass);
  standing.keepTokens([token('token-1', 'CANARY0001')], pass);
  standing.endPass(pass);
  standing.kept([aUnit(station, 1, { sessions: [aSession({ firstSeq: 1 })], stationState: { protocol: 'ocpp1.6' } })]);
  return standing;
};
const credentials = {
  ...{ station, tenant, identity: 'CP1', securityProfile: 1, allowInsecure: false, disabled: false },
  ...{ keyHash: new Uint8Array(Buffer.from('hash')), keySalt: new Uint8Array(Buffer.from('salt')) },
};
const token = (id: string, matchKey: string) => ({
  ...{ id, matchKey, tenant, type: 'ISO14443', last4: '0001', group: null },
  ...{ status: 'accepted' as const, expiresAt: null, createdAt: now },
});
const bytes = (): string =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString('latin1'))
    .join('');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugga-standing-'));
  path = join(folder, 'standing.db');
  now = noon;
  said = [];
  open = [];
  waiting = new Set();
});
afterEach(() => {
  for (const standing of open) standing.close();
  rmSync(folder, { recursive: true });
});

test('what was kept is there after any end of the process, and nobody else may read it', () => {
  filled();
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  killed();
  const again = start();
  expect(again.installation()).toEqual(one);
  expect(again.find('CP1')).toMatchObject({ station, keyHash: Buffer.from('hash') });
  expect(again.generation(station)).toBe(3);
  expect(again.knowsAllStations()).toBe(true);
  expect(again.tokens(tenant, 'CANARY0001')).toMatchObject([{ id: 'token-1', status: 'accepted', goodAt: noon }]);
  expect(again.load(station)).toMatchObject({ nextSeq: 2, sessions: [{ firstSeq: 1 }], events: [{ seq: 1 }] });
  expect(said).toEqual([]);
});

test('a station whose unit was handed to the database and not heard of when the process was killed is not served', () => {
  const standing = filled();
  const unit = aUnit(station, 2);
  standing.begun([unit]);
  killed();
  const again = start();
  expect(again.load(station)).toBeUndefined();
  expect(again.find('CP1')).toBeDefined();
  again.kept([aUnit(station, 1)]);
  expect(again.load(station), 'what came before says nothing of it').toBeUndefined();
  again.kept([unit]);
  expect(again.load(station)?.nextSeq).toBe(3);
  again.kept([aUnit(station, 5)]);
  expect(again.load(station), 'a part is not the whole').toBeUndefined();
  again.keep(station, { tenant, nextSeq: 3, stationState: undefined, sessions: [], events: [], due: [] });
  expect(again.load(station)?.nextSeq).toBe(3);
});

test('of a batch that was under way at the end, those are served that were kept, and those of an older version are not', () => {
  const standing = filled();
  const others = ['station-2', 'station-3'] as StationId[];
  standing.kept(others.map((it) => aUnit(it, 1)));
  const batch = [station, ...others].map((it) => aUnit(it, 2));
  standing.begun(batch);
  standing.kept([batch[0]!]);
  expect(standing.load(station)?.nextSeq).toBe(3);
  killed();
  const again = start();
  expect(again.load(station)?.nextSeq).toBe(3);
  expect(others.map((it) => again.load(it))).toEqual([undefined, undefined]);
  // Heard of after all, and read anew from the database.
  again.kept([batch[1]!]);
  again.keep(others[1]!, { tenant, nextSeq: 2, stationState: undefined, sessions: [], events: [], due: [] });
  killed();
  const third = start();
  expect(others.map((it) => third.load(it)?.nextSeq)).toEqual([3, 2]);
  open.pop()?.close();
  const file = new DatabaseSync(path);
  file.exec(`insert into under_way values ('${station}', 3)`);
  file.close();
  expect(start().load(station)).toBeUndefined();
});

test('what was kept of a station under way is written a moment later, with what came after; until then nobody believes the file', () => {
  const standing = filled();
  const session = aSession({ firstSeq: 2 });
  const units = [
    aUnit(station, 2, {
      sessions: [session],
      due: [{ key: 'a', at: noon, seq: 2 }],
      stationState: { protocol: 'one' },
    }),
    aUnit(station, 3, { sessions: [{ ...session, energyWh: 500 }], dueGone: ['a'], stationState: { protocol: 'two' } }),
    aUnit(station, 4, { due: [{ key: 'b', at: noon, seq: 4 }] }),
  ];
  for (const unit of units) {
    standing.begun([unit]);
    standing.kept([unit]);
  }
  killed();
  expect(start().load(station), 'killed in that moment').toBeUndefined();
  open.pop()?.close();
  removeAll();

  const other = filled();
  const last = aUnit(station, 5);
  for (const unit of [...units, last]) {
    other.begun([unit]);
    if (unit !== last) other.kept([unit]);
  }
  timePasses();
  killed();
  const again = start();
  expect(again.load(station), 'one is still on its way').toBeUndefined();
  again.kept([last]);
  expect(again.load(station)).toMatchObject({
    ...{ nextSeq: 6, stationState: { protocol: 'two' }, due: [{ key: 'b' }] },
    sessions: [{ firstSeq: 1 }, { id: session.id, energyWh: 500 }],
    events: [1, 2, 3, 4, 5].map((seq) => ({ seq })),
  });
});

test('what the journal took of a station that is not under way is written at once', () => {
  const standing = filled();
  const unit = aUnit(station, 2);
  standing.begun([unit]);
  standing.kept([unit]);
  timePasses();
  standing.kept([aUnit(station, 3)]);
  killed();
  expect(start().load(station)?.nextSeq).toBe(4);
});

test('after another boot the states of stations may be old and are not served, unless the file was closed', () => {
  filled();
  killed();
  const next = start('boot 2');
  expect(next.load(station)).toBeUndefined();
  expect(next.find('CP1')).toBeDefined();
  expect(next.tokens(tenant, 'CANARY0001')).toHaveLength(1);
  next.kept([aUnit('station-2', 1)]);
  next.close();
  expect(start('boot 3').load('station-2' as StationId)?.nextSeq).toBe(2);
});

test('where the kernel does not name its boot, every start is as after another', () => {
  filled();
  killed();
  const unnamed = openStanding({ path, clock: { now: () => now, at: () => () => undefined }, log, boot: undefined });
  open.push(unnamed);
  expect(unnamed.load(station)).toBeUndefined();
});

test.each([
  ['cut short', () => truncateSync(path, 5_000)],
  ['overwritten', () => writeFileSync(path, Buffer.alloc(20_000, 65))],
])('a file that was %s is replaced, said aloud, and knows nothing', (_, spoil) => {
  filled();
  open.pop()?.close();
  spoil();
  const again = start();
  expect(said).toEqual(['standing file replaced by a new one']);
  expect(again.installation()).toBeUndefined();
  expect(again.find('CP1')).toBeUndefined();
  expect(again.knowsAllStations()).toBe(false);
  again.belongsTo(one);
  again.keepStations([{ credentials, generation: 4 }]);
  expect(again.find('CP1')).toBeDefined();
});

test('the file of another installation begins anew, its own goes on', () => {
  filled();
  open.pop()?.close();
  const same = start();
  same.belongsTo({ ...one });
  expect(same.find('CP1')).toBeDefined();
  same.belongsTo({ secret: Buffer.alloc(32, 2), homeTenant: tenant });
  expect(said).toEqual(['standing file of another installation replaced by a new one']);
  expect(same.find('CP1')).toBeUndefined();
  expect(same.load(station)).toBeUndefined();
});

test('after a backup was restored the states of stations are read from the database again', () => {
  const standing = filled();
  standing.belongsTo({ ...one, restore: 'restore-1' });
  expect(standing.load(station)).toBeUndefined();
  expect(standing.find('CP1')).toBeDefined();
  standing.kept([aUnit('station-2', 1)]);
  standing.belongsTo({ ...one, restore: 'restore-1' });
  expect(standing.load('station-2' as StationId)).toBeDefined();
});

test('a second process on the same folder is refused and takes nothing', () => {
  const first = filled();
  const code = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return error instanceof PluggaError ? error.code : String(error);
    }
    return 'opened';
  };
  expect(code(() => start())).toBe('data-in-use');
  expect(first.find('CP1')).toBeDefined();
});

test('values of tokens are never in the file, and an erased token leaves nothing behind', () => {
  const standing = filled();
  expect(bytes()).not.toContain('CANARY0001');
  expect(bytes()).toContain('token-1');
  standing.eraseToken('token-1');
  expect(standing.tokens(tenant, 'CANARY0001')).toEqual([]);
  expect(bytes()).not.toContain('token-1');
});

test('a pass through the database takes what it did not meet out of the file, and dates what it met', () => {
  const standing = filled();
  standing.keepTokens([token('token-2', 'OTHER')]);
  const gone = 'station-gone' as StationId;
  standing.keepStations([{ credentials: { ...credentials, station: gone, identity: 'CP2' }, generation: 1 }]);
  standing.kept([aUnit(gone, 1)]);
  now = instant(noon + 3_600_000);
  const pass = standing.beginPass();
  standing.keepStations([{ credentials, generation: 2 }], pass);
  standing.keepTokens([token('token-1', 'CANARY0001')], pass);
  standing.endPass(pass);
  expect(standing.find('CP2')).toBeUndefined();
  expect(standing.load(gone)).toBeUndefined();
  expect(standing.tokens(tenant, 'OTHER')).toEqual([]);
  expect(standing.tokens(tenant, 'CANARY0001')).toMatchObject([{ goodAt: now }]);
  expect(standing.generation(station), 'the higher one stays').toBe(3);
});

test('places come back as they were kept, and a generation only rises', () => {
  const standing = filled();
  expect(standing.places(station)).toBeUndefined();
  const places = { timeZone: 'UTC', places: new Map([['1/1', { evseId: 'e', connectorId: 'c', timeZone: 'UTC' }]]) };
  standing.keepPlaces(station, places);
  expect(standing.places(station)).toEqual(places);
  standing.raiseGeneration(station, 9);
  standing.raiseGeneration(station, 5);
  expect(standing.generation(station)).toBe(9);
});

test('a file that cannot be written is given up whole, and begun again from the database', () => {
  const standing = filled();
  // What SQLite itself refuses stands for a full disk.
  now = instant(noon + 1_000);
  standing.kept([aUnit(station, 2, { due: [{ key: 'a', at: Number.NaN as never, seq: 2 }] })]);
  expect(said).toEqual(['standing file given up: while the database is away, stations cannot reconnect']);
  expect(standing.fault()).toContain('kept');
  expect(standing.load(station)).toBeUndefined();
  expect(standing.knowsAllStations()).toBe(false);
  expect(standing.figures()).toEqual({
    ...{ stations: 0, states: 0, tokens: 0, accepted: 0, bytes: 0, givenUp: 1 },
    ...{ writtenAt: noon, inStepAt: undefined, fault: standing.fault() },
  });
  const pass = standing.beginPass();
  expect(standing.fault()).toBeUndefined();
  standing.keepStations([{ credentials, generation: 4 }], pass);
  standing.endPass(pass);
  expect(standing.find('CP1')).toBeDefined();
  expect(standing.installation()).toEqual(one);
});

test('its figures say what is in it, how large it is and when it was last written and in step', () => {
  const standing = filled();
  expect(standing.figures()).toMatchObject({ stations: 1, states: 1, tokens: 1, accepted: 0, givenUp: 0 });
  expect(standing.figures()).toMatchObject({ writtenAt: noon, inStepAt: noon, fault: undefined });
  expect(standing.figures().bytes).toBeGreaterThan(4_096);
  now = instant(noon + 5_000);
  standing.accept('key', { status: 'accepted', ref: { id: 'x', last4: '0001' }, by: 'plugin:x' });
  expect(standing.figures()).toMatchObject({ accepted: 1, writtenAt: now, inStepAt: noon });
});
