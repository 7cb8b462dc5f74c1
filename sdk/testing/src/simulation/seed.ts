import { type Adapter, type StationId, tenantCreated, type TenantId } from '@plugga/kit';
import { logLock } from '@plugga/core/simulation';
import { bookkeeperOf } from './bookkeeper.ts';
import { chance as chanceOf } from './chance.ts';
import { simulatedDatabase } from './database.ts';
import { simulatedDisk } from './disk.ts';
import { faults as faultsOf, type FaultName, ratesOf } from './faults.ts';
import { violations as violationsOf } from './invariants.ts';
import { socket, type Plug, type PlugListener } from './line.ts';
import { machine } from './machine.ts';
import { type Node, startNode } from './node.ts';
import { startProcess } from './process.ts';
import type { RealDatabase, Slot } from './real-database.ts';
import { station16, TOKENS, type VirtualStation } from './station16.ts';
import { timeline } from './timeline.ts';
import { trace as traceOf } from './trace.ts';
import { wireTap } from './wire.ts';
import type { World } from './world.ts';

export interface SeedOptions {
  readonly seed: number;
  readonly adapters: readonly Adapter[];
  readonly real: RealDatabase;
  /** About how many messages its stations say. */
  readonly messages?: number;
  readonly keepTrace?: boolean;
  /** Each line as it comes. */
  readonly heard?: (line: string) => void;
  /** Between two moments, for a replay by hand. */
  readonly between?: () => Promise<void>;
}

export interface SeedResult {
  readonly seed: number;
  readonly messages: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const MOST_HOURS = 8;

/** One seed from its first message to the check of its books. */
export const runSeed = (o: SeedOptions): Promise<SeedResult> => o.real.borrow((slot) => run(o, slot));

async function run(o: SeedOptions, slot: Slot): Promise<SeedResult> {
  const { seed, real } = o;
  const tenant = `sim-${seed}` as TenantId;
  const time = timeline();
  const chance = chanceOf(`seed ${seed}`);
  const trace = traceOf({
    keep: o.keepTrace === true,
    now: () => time.now,
    ...(o.heard === undefined ? {} : { heard: o.heard }),
  });
  const faults = faultsOf(ratesOf(chance.fork('rates')));
  const database = simulatedDatabase({ real, slot, time, chance: chance.fork('database'), faults, trace });
  const world: World = {
    ...{ tenant, time, faults, trace, database, adapters: o.adapters },
    machine: machine(simulatedDisk({ time, chance: chance.fork('disk'), faults, trace })),
    chance: chance.fork('node'),
    settle: chance.fork('settle').pick(['now', 'now', 'unplug', 'silent']),
    clockAhead: 0,
  };
  const own = chance.fork('world');
  const tap = wireTap(time);
  const found: string[] = [];

  await slot.become(tenant);
  const count = own.between(1, 3);
  const ids = Array.from({ length: count }, (_, n) => `${tenant}-${n + 1}` as StationId);
  await furnish(slot, tenant, ids, await real.head());

  // ---- the node, again and again ----
  let node: Node | undefined;
  let starts = 0;
  let wanted = true;
  const launch = (): void => {
    const process = startProcess(`node ${(starts += 1)}`, (why) => {
      trace.say(process.name, `dies: ${why}`);
      node = undefined;
      if (faults.active && own.of(0.3)) {
        trace.say('machine', 'goes down');
        world.machine.goDown();
      }
      if (wanted) time.after(own.between(500, 20_000), launch);
    });
    trace.say(process.name, 'starts');
    startNode(world, process).then(
      (started) => {
        if (process.alive) node = started;
      },
      (error: unknown) => process.crash(`it cannot start: ${String(error)}`),
    );
  };
  const leave = async (): Promise<void> => {
    wanted = false;
    const gone = node;
    node = undefined;
    if (gone === undefined) return;
    let over = false;
    void gone.stop().finally(() => (over = true));
    await time.until(time.now + MINUTE, () => over);
    if (!over) found.push('INV-13 the node does not stop within a minute');
    gone.process.crash('stopped');
  };
  const come = (): void => {
    wanted = true;
    launch();
  };

  // ---- stations ----
  let sockets = 0;
  const dial = (identity: string, listener: PlugListener, pongs: boolean): Promise<Plug | undefined> => {
    const at = node;
    if (at === undefined)
      return new Promise((resolve) => void time.after(own.between(1, 50), () => resolve(undefined)));
    const id = (sockets += 1);
    const station = stations.find((it) => it.identity === identity)!;
    const line = socket(
      {
        ...{ time, faults, trace, pongs, listener, who: identity, process: at.process },
        chance: chance.fork(`line ${id}`),
        tap: {
          ...tap,
          answered: (socket, text) => {
            tap.answered(socket, text);
            station.answerLeft(socket, text);
          },
        },
      },
      id,
    );
    return new Promise((resolve) => {
      let settled = false;
      const settle = (plug: Plug | undefined): void => {
        if (settled) return;
        settled = true;
        unhook();
        resolve(plug);
      };
      const unhook = at.process.onEnd(() => settle(undefined));
      time.after(60 * SECOND, () => settle(undefined));
      time.after(
        own.between(1, 40),
        () => {
          at.admit(identity, line.link).then(
            (said) => {
              trace.say(identity, `socket ${id}: ${said}`);
              settle(said === 'in' ? line.plug : undefined);
            },
            (error: unknown) => {
              trace.say(identity, `socket ${id} refused: ${String(error)}`);
              settle(undefined);
            },
          );
        },
        at.process,
      );
    });
  };
  const stations: VirtualStation[] = ids.map((id) => {
    const mine = chance.fork(id);
    let pongs = true;
    const made = station16(
      { time, faults, trace, chance: mine, dial: (identity, listener) => dial(identity, listener, pongs) },
      id,
    );
    pongs = made.pongs;
    return made;
  });
  const said = (): number => stations.reduce((sum, it) => sum + it.said, 0);

  // ---- what else goes wrong ----
  const nemesis = (): void => {
    if (!faults.active) return;
    const { rates } = faults;
    const rare = (share: number): boolean => own.of(rates.world * share);
    if (node !== undefined && rare(2)) {
      faults.happened('FI-15 stall');
      const ms = own.between(1, 8) * SECOND;
      trace.say(node.process.name, `stalls ${ms} ms`);
      node.process.stalledUntil = time.now + ms;
    }
    if (rates.disk > 0 && rare(1)) {
      faults.happened('FI-11 disk full');
      world.machine.disk.fullUntil = time.now + own.pick([5, 30, 120]) * SECOND;
      trace.say('disk', 'full');
    }
    if (rates.clock && rare(2)) {
      faults.happened('FI-14 clock step');
      world.clockAhead = own.pick([-2 * HOUR, -5 * MINUTE, -SECOND, 0, SECOND, 5 * MINUTE, 2 * HOUR]);
      trace.say('world', `the server's clock is ${world.clockAhead} ms ahead`);
    }
    if (own.of(0.04)) void ask();
    // One that is cut short by the next crash is part of it.
    if (own.of(0.02)) node?.keepBooks(MINUTE).catch((error: unknown) => trace.say('bookkeeper', String(error)));
    time.after(own.between(5, 40) * SECOND, nemesis);
  };
  const ask = async (): Promise<void> => {
    const at = node;
    const id = own.pick(ids);
    if (at === undefined) return;
    const name = own.pick(['start', 'start', 'stop', 'unlock', 'reset'] as const);
    if (name === 'reset' && !own.of(faults.rates.world * 5)) return;
    const payload =
      name === 'start'
        ? { evse: own.between(1, 2), tokenId: `${tenant}-token-0` }
        : name === 'stop'
          ? { session: await time.real(() => openSession(slot, id)) }
          : name === 'reset'
            ? { kind: 'soft' }
            : { evse: 1 };
    if (name === 'stop' && (payload as { session?: string }).session === undefined) return;
    trace.say('operator', `${name} at ${id}`);
    await at.command(id, name, payload).catch((error: unknown) => trace.say('operator', String(error)));
  };
  time.between = o.between;

  launch();
  time.after(10 * SECOND, nemesis);
  const messages = o.messages ?? own.between(330, 470);
  await time.until(time.now + MOST_HOURS * HOUR, () => said() >= messages);

  // ---- faults stop ----
  trace.say('world', 'faults stop');
  faults.active = false;
  database.awayUntil = 0;
  world.machine.disk.fullUntil = 0;
  world.clockAhead = 0;
  // What a fault of before still holds up may take as long as a station waits for an answer.
  for (const station of stations) station.calm();
  await time.until(time.now + 2 * MINUTE, () => stations.every((it) => it.quiet));
  const late = stations.filter((it) => !it.quiet);
  if (late.length > 0) found.push(`INV-13 the backlog of ${late.map((it) => it.identity)} did not drain in 2 min`);
  const journaled = (node as Node | undefined)?.journaled() ?? 0;
  if (journaled > 0) found.push(`INV-13 ${journaled} units are still in the journal`);
  for (const station of stations) station.tellStates();
  await time.until(time.now + MINUTE);
  const steady =
    !faults.rates.clock && faults.rates.database === 0 && faults.rates.world === 0 && faults.rates.crash === 0;
  const context = { slot, time, stations, tap, tenant, steady, settle: world.settle };
  found.push(...(await violationsOf.afterDrain(context)));
  await time.until(time.now + 20 * MINUTE);

  // ---- the node is deployed anew, half a day later ----
  for (const station of stations) station.leave();
  await time.until(time.now + 5 * SECOND);
  await leave();
  await time.until(time.now + 13 * HOUR);
  come();
  for (const station of stations) station.come();
  for (let n = 0; n < 24; n += 1) {
    await time.until(time.now + 10 * MINUTE);
    if ((await violationsOf.open(context)) === 0) break;
  }
  for (const station of stations) station.leave();
  await time.until(time.now + 5 * SECOND);
  await leave();
  await time.until(time.now + 13 * HOUR);
  come();
  await time.until(time.now + MINUTE);
  let kept = false;
  (node as Node | undefined)?.keepBooks(MINUTE).then(
    () => (kept = true),
    (error: unknown) => trace.say('bookkeeper', String(error)),
  );
  await time.until(time.now + 2 * MINUTE, () => kept);
  if (!kept) found.push('INV-13 a plugin does not come to the end of the log');
  await leave();
  found.push(...(await violationsOf.atEnd(context)));
  world.machine.close();
  return {
    seed,
    messages: said(),
    steps: time.steps,
    virtualMs: time.now,
    faults: faults.counted,
    violations: found,
    trace: trace.lines,
  };
}

/** An operator with its stations and tokens. */
async function furnish(slot: Slot, tenant: string, stations: readonly string[], head: string): Promise<void> {
  await slot.query(
    `insert into core.tenant (id, name, country_code, party_id, currency, time_zone) values ($1, $1, 'SE', 'SIM', 'SEK', 'UTC')`,
    [tenant],
  );
  await slot.query(
    `insert into core.station_row (id, tenant, identity, allow_insecure) select s, $1, s, true from unnest($2::text[]) s`,
    [tenant, stations],
  );
  await slot.query(`insert into core.plugin_cursor (plugin, position, updated_at) values ($1, $2, now())`, [
    bookkeeperOf(tenant),
    head,
  ]);
  // Plugins hear of it as of any new tenant: that of tariffs gives it one to begin with.
  await slot.query(
    `with locked as materialized (select pg_advisory_xact_lock($3))
     insert into core.event_log (event_id, tenant, stream, seq, type, v, at, received_at, actor, data)
     select 'tenant ' || $1, $1, 'core:tenant:' || $1, 1, $2, 1, '2026-01-05T11:00:00Z', '2026-01-05T11:00:00Z', 'core',
       jsonb_build_object('name', $1::text, 'currency', 'SEK', 'starter', true)
     from locked`,
    [tenant, tenantCreated.type, logLock],
  );
  const tokens = [...TOKENS.own, TOKENS.refused];
  await slot.query(
    `insert into core.token_row (id, tenant, type, value, match_key, last4, status)
     select $1 || '-token-' || (n - 1), $1, 'ISO14443', v, v, right(v, 4), case when v = $3 then 'blocked' else 'accepted' end
     from unnest($2::text[]) with ordinality as t(v, n)`,
    [tenant, tokens, TOKENS.refused],
  );
}

async function openSession(slot: Slot, station: string): Promise<string | undefined> {
  const { rows } = (await slot.query(
    `select id from core.session_row where station = $1 and status = 'active' order by first_seq limit 1`,
    [station],
  )) as { rows: { id: string }[] };
  return rows[0]?.id;
}
