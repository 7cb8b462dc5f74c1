import type { Adapter, Quirk, StationId, TenantId } from '@plugga/kit';
import { type Chance, chance as chanceOf } from './chance.ts';
import { simulatedDatabase } from './database.ts';
import type { Protocol } from './dialect.ts';
import { simulatedDisk } from './disk.ts';
import { faults as faultsOf, type Faults, type Rates } from './faults.ts';
import { furnish } from './furnish.ts';
import { type Context, violations } from './invariants.ts';
import { socket, type Plug, type PlugListener } from './line.ts';
import { machine } from './machine.ts';
import type { MixedMake } from './make.ts';
import type { Manners } from './manners.ts';
import { ask } from './nemesis.ts';
import { LONGEST_ASKING_MS, unaskedGaps } from './session-rules.ts';
import { type Node, startNode } from './node.ts';
import type { Probe } from './probe.ts';
import { type Process, startProcess } from './process.ts';
import type { RealDatabase, Slot } from './real-database.ts';
import { type VirtualStation, virtualStation } from './station.ts';
import { timeline, type Timeline } from './timeline.ts';
import { type Trace, trace as traceOf } from './trace.ts';
import { wireTap } from './wire.ts';
import { watchedQuirks } from './watched-quirks.ts';
import type { World } from './world.ts';

/** The version that a station speaks, and the make that it is where it is one that deviates. */
export interface StationKind {
  readonly protocol: Protocol;
  readonly mixed?: MixedMake | undefined;
}

export interface StageOptions {
  readonly tenant: TenantId;
  readonly adapters: readonly Adapter[];
  readonly real: RealDatabase;
  readonly slot: Slot;
  readonly chance: Chance;
  readonly rates: Rates;
  readonly stations: readonly StationKind[];
  readonly quirks?: readonly Quirk[];
  /** How they speak, where it is not left to the seed. */
  readonly manners?: Manners;
  readonly settle: World['settle'];
  readonly probe?: Probe;
  readonly keepTrace: boolean;
  readonly heard?: (line: string) => void;
}

/** An operator, its node and its stations, from the first start of the node to the check of the books. */
export interface Stage {
  readonly world: World;
  readonly time: Timeline;
  readonly faults: Faults;
  readonly trace: Trace;
  /** How often each quirk has made a difference. */
  readonly quirks: ReadonlyMap<string, number>;
  readonly stations: readonly VirtualStation[];
  readonly node: Node | undefined;
  /** Starts the node, and again whenever it has died. */
  come(): void;
  /** Stops it as a deploy does. */
  leave(): Promise<void>;
  /** No fault any more: everything that is kept is told, everybody leaves, half days pass. Then all is compared. */
  finish(): Promise<readonly string[]>;
}

/** A quirk that keeps something from being sent leaves no hook behind that could be watched: the commands tell of it. */
async function deniedBy(
  { slot, tenant, quirks = [] }: StageOptions,
  stations: readonly { readonly id: string; readonly mixed: MixedMake | undefined }[],
): Promise<readonly string[]> {
  const { rows } = (await slot.query(
    `select station from core.command_row where tenant = $1 and detail like '%known to harm%'`,
    [tenant],
  )) as { rows: { station: string }[] };
  const denying = new Set(quirks.filter(({ deny }) => deny !== undefined).map(({ id }) => id));
  return rows.flatMap(({ station }) => {
    const expected = stations.find(({ id }) => id === station)?.mixed?.quirks ?? [];
    return expected.filter((quirk) => denying.has(quirk));
  });
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BOOKS_TRIES = 5;
const HOUR = 60 * MINUTE;

export async function openStage(o: StageOptions): Promise<Stage> {
  const { tenant, slot, real, chance } = o;
  const time = timeline();
  const trace = traceOf({
    keep: o.keepTrace,
    now: () => time.now,
    ...(o.heard === undefined ? {} : { heard: o.heard }),
  });
  const faults = faultsOf(o.rates);
  const { probe } = o;
  const fired = new Map<string, number>();
  const firedNow = (quirk: string): void => void fired.set(quirk, (fired.get(quirk) ?? 0) + 1);
  const world: World = {
    ...{
      tenant,
      time,
      faults,
      trace,
      adapters: o.adapters,
      quirks: watchedQuirks(o.quirks ?? [], firedNow),
      settle: o.settle,
      clockAhead: 0,
    },
    ...(probe === undefined ? {} : { probe }),
    database: simulatedDatabase({ real, slot, time, chance: chance.fork('database'), faults, trace, probe }),
    machine: machine(simulatedDisk({ time, chance: chance.fork('disk'), faults, trace, probe })),
    chance: chance.fork('node'),
    ids: chanceOf(`ids of ${tenant}`),
  };
  const own = chance.fork('stage');
  const tap = wireTap(time);
  const found: string[] = [];
  const known = o.stations.map(({ protocol, mixed }, n) => ({
    ...{ id: `${tenant}-${n + 1}` as StationId, protocol, mixed, timeZone: mixed?.timeZone },
  }));
  await slot.become(tenant);
  await furnish(slot, tenant, known, await real.head());

  // ---- the node, again and again ----
  let node: Node | undefined;
  let starts = 0;
  let wanted = false;
  let running: Process | undefined;
  const launch = (): void => {
    if (!wanted || running?.alive === true) return;
    const process = startProcess(`node ${(starts += 1)}`, (why, what) => {
      trace.say(process.name, `dies: ${why}`);
      node = undefined;
      if (faults.active && (what === 'machine' || own.of(0.3))) {
        trace.say('machine', 'goes down');
        world.machine.goDown();
      }
      time.after(own.between(500, 20_000), launch);
    });
    running = process;
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
    if (gone === undefined) return running?.crash('not wanted any more');
    let over = false;
    void gone.stop().finally(() => (over = true));
    await time.until(time.now + MINUTE, () => over || !gone.process.alive);
    if (!over && gone.process.alive) found.push('INV-13 the node does not stop within a minute');
    gone.process.crash('stopped');
  };
  const come = (): void => {
    wanted = true;
    launch();
  };

  // ---- stations ----
  let sockets = 0;
  const dial = (identity: string, listener: PlugListener): Promise<Plug | undefined> => {
    const at = node;
    if (at === undefined)
      return new Promise((resolve) => void time.after(own.between(1, 50), () => resolve(undefined)));
    const id = (sockets += 1);
    const station = stations.find((it) => it.identity === identity)!;
    const line = socket(
      {
        ...{ time, faults, trace, listener, probe, who: identity, process: at.process },
        ...{ pongs: station.pongs, dropsOnPing: station.dropsOnPing },
        chance: chance.fork(`line ${id}`),
        tap: {
          ...tap,
          answered: (to, text) => {
            tap.answered(to, text);
            station.answerLeft(to, text);
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
      const refused = (why: string): void => {
        trace.say(identity, `socket ${id} ${why}`);
        settle(undefined);
      };
      time.after(MINUTE, () => settle(undefined));
      const knock = (): void =>
        void at.admit({ identity, protocol: station.protocol, link: line.link }).then(
          (said) => (said === 'in' ? settle(line.plug) : refused(said)),
          (error: unknown) => refused(`refused: ${String(error)}`),
        );
      time.after(own.between(1, 40), knock, at.process);
    });
  };
  const stations: VirtualStation[] = known.map(({ id, protocol, mixed }) =>
    virtualStation(
      {
        ...{ time, faults, trace, dial, protocol, mixed, chance: chance.fork(id) },
        ...(o.manners === undefined ? {} : { manners: o.manners }),
      },
      id,
    ),
  );

  const passes = async (ms: number, enough?: () => boolean): Promise<void> => time.until(time.now + ms, enough);
  const everybodyLeaves = async (): Promise<void> => {
    for (const station of stations) station.leave();
    await passes(5 * SECOND);
    await leave();
  };

  const finish = async (): Promise<readonly string[]> => {
    trace.say('world', 'faults stop');
    faults.active = false;
    world.database.awayUntil = 0;
    world.machine.disk.fullUntil = 0;
    world.clockAhead = 0;
    come();
    // What a fault of before still holds up may take as long as a station waits for an answer.
    for (const station of stations) station.calm();
    const journaledUnits = (): number => node?.journaled() ?? 0;
    const drained = async (): Promise<void> => {
      await passes(2 * MINUTE, () => stations.every((it) => it.quiet) && journaledUnits() === 0);
      const late = stations.filter((it) => !it.quiet).map((it) => it.identity);
      if (late.length > 0) found.push(`INV-13 the backlog of ${late.join(', ')} did not drain in 2 min`);
      const journaled = journaledUnits();
      if (journaled > 0) found.push(`INV-13 ${journaled} units are still in the journal`);
    };
    const { clock, database, world: others, crash } = o.rates;
    const steady = !clock && database === 0 && others === 0 && crash === 0 && probe === undefined;
    const context: Context = { slot, time, stations, tap, tenant, steady, clock, settle: o.settle };
    await drained();
    // What charges does so in silence for a while: time enough to ask for what is missing.
    await passes(LONGEST_ASKING_MS, () => stations.every((it) => unaskedGaps(it).length === 0));
    found.push(...(await violations.whileTheyCharge(context)));
    for (const station of stations) station.part();
    await drained();
    // Whatever stood in its way before, each make is asked once more what is asked of it.
    for (const { identity, mixed } of stations)
      for (const asked of mixed?.asked ?? []) ask({ node, trace, world }, identity, asked);
    for (const station of stations) station.tellStates();
    await passes(MINUTE);
    found.push(...(await violations.afterDrain(context)));
    if ((await violations.open(context)) > 0) await passes(20 * MINUTE);

    // The node is deployed anew, half a day later: what waited for time has come to its end.
    await everybodyLeaves();
    await passes(13 * HOUR);
    come();
    for (const station of stations) station.come();
    // Silence lasts 3 h at most, and begins anew with each connection.
    for (let n = 0; n < 24; n += 1) {
      await passes(n === 0 ? MINUTE : 10 * MINUTE);
      if ((await violations.open(context)) === 0) break;
    }
    await everybodyLeaves();
    await passes(13 * HOUR);
    come();
    await passes(MINUTE);
    // The real database may need longer than minutes that pass in no time: it goes on from where it was.
    let kept = false;
    for (let n = 0; n < BOOKS_TRIES && !kept; n += 1) {
      let over = false;
      node
        ?.keepBooks(MINUTE)
        .then(
          () => (kept = true),
          (error: unknown) => trace.say('bookkeeper', String(error)),
        )
        .finally(() => (over = true));
      await passes(2 * MINUTE, () => over);
    }
    if (!kept) found.push('INV-13 a plugin does not come to the end of the log');
    await leave();
    found.push(...(await violations.atEnd(context)));
    for (const quirk of await deniedBy(o, known)) firedNow(quirk);
    world.machine.close();
    return found;
  };

  return {
    ...{ world, time, faults, trace, stations, come, leave, finish, quirks: fired },
    get node() {
      return node;
    },
  };
}
