import { type Adapter, type StationId, type TenantId } from '@plugga/kit';
import { chance as chanceOf } from './chance.ts';
import type { Protocol } from './dialect.ts';
import { TOKENS, tokenIdOf } from './furnish.ts';
import type { Manners } from './manners.ts';
import { openSession } from './nemesis.ts';
import { type Failure, type Port, points } from './probe.ts';
import type { RealDatabase, Slot } from './real-database.ts';
import { openStage, type Stage } from './stage.ts';
import type { Hands } from './station.ts';

/** A short story of one station, told by hand, in which nothing goes wrong by itself. */
interface Story {
  readonly stage: Stage;
  readonly slot: Slot;
  readonly hands: Hands;
  passes(seconds: number, enough?: () => boolean): Promise<void>;
  command(name: 'start' | 'stop', payload: object): void;
}

const [CARD, OTHER] = TOKENS.own;

type Scenarios = Readonly<Record<string, (story: Story) => Promise<void>>>;

/** What a station of every version may tell. */
const EVERY: Scenarios = {
  'a station boots': async ({ hands, passes }) => {
    hands.heartbeat();
    await passes(40);
  },
  'cards are asked about': async ({ hands, passes }) => {
    for (const token of [CARD, TOKENS.roaming, TOKENS.refused, 'NOBODYS5']) hands.authorize(token);
    await passes(20);
  },
  'a charge begins': async ({ hands, passes }) => {
    hands.plug(1);
    hands.start(1, CARD);
    await passes(20);
  },
  'a charge is metered': async ({ hands, passes }) => {
    hands.start(1, CARD);
    for (let n = 0; n < 3; n += 1) {
      await passes(10);
      hands.meter(1);
    }
    await passes(10);
  },
  'a charge ends': async ({ hands, passes }) => {
    hands.start(1, CARD);
    await passes(20);
    hands.stop(1);
    await passes(1);
    hands.unplug(1);
    await passes(10);
  },
  'what was charged offline is told later': async ({ hands, passes, stage }) => {
    hands.losePower('kept');
    hands.start(1, CARD);
    await passes(30);
    hands.meter(1);
    await passes(30);
    hands.stop(1);
    hands.start(1, OTHER);
    await passes(700, () => stage.stations[0]!.quiet);
    await passes(10);
  },
  'an operator starts a charge': async ({ hands, passes, command, stage }) => {
    command('start', { evse: 1, tokenId: tokenIdOf(stage.world.tenant, 0) });
    await passes(60);
    hands.meter(1);
    await passes(10);
    hands.stop(1);
    await passes(10);
  },
  'an operator stops a charge': async ({ hands, passes, command, stage, slot }) => {
    hands.start(1, CARD);
    await passes(60);
    const session = await stage.time.real(() => openSession(slot, stage.stations[0]!.identity));
    if (session !== undefined) command('stop', { session });
    await passes(40);
  },
  'another socket takes over': async ({ hands, passes }) => {
    hands.start(1, CARD);
    await passes(20);
    hands.takeOver();
    hands.meter(1);
    await passes(20);
    hands.takeOver();
    hands.stop(1);
    await passes(20);
  },
  'the node is deployed while something charges': async ({ hands, passes, stage }) => {
    hands.start(1, CARD);
    await passes(30);
    hands.meter(1);
    await passes(2);
    await stage.leave();
    stage.come();
    await passes(60);
    hands.meter(1);
    hands.stop(1);
    await passes(30);
  },
  'a card is blocked and plugins are told': async ({ hands, passes, stage, slot }) => {
    hands.start(1, CARD);
    await passes(30);
    hands.stop(1);
    await passes(10);
    const blocked = [tokenIdOf(stage.world.tenant, 0), 'blocked'];
    await stage.time.real(() => slot.query('update core.token_row set status = $2 where id = $1', blocked));
    stage.node?.tokenChanged(blocked[0]!);
    stage.node?.keepBooks(30_000).catch((error: unknown) => stage.trace.say('bookkeeper', String(error)));
    await passes(5);
    hands.start(2, CARD);
    await passes(60);
    hands.stop(2);
    await passes(10);
  },
};

const OF_16: Scenarios = {
  'a stop names nobody': async ({ hands, passes }) => {
    hands.start(1, CARD);
    // Its answer comes to a socket that is given up, and the station says a message only once.
    hands.takeOver();
    await passes(60);
    hands.meter(1);
    hands.stop(1);
    await passes(30);
  },
};

const OF_2X: Scenarios = {
  'an event is missing and is asked for': async ({ hands, passes, stage }) => {
    hands.start(1, CARD);
    await passes(20);
    hands.loseReading(1);
    await passes(10);
    hands.meter(1);
    await passes(120, () => stage.stations[0]!.asks.length > 0);
    hands.stop(1);
    await passes(20);
  },
  'ids are counted anew after a loss of memory': async ({ hands, passes, stage }) => {
    hands.start(1, CARD);
    await passes(20);
    hands.losePower('lost');
    await passes(700, () => stage.stations[0]!.quiet);
    hands.start(1, OTHER);
    await passes(20);
    hands.stop(1);
    await passes(20);
  },
};

/** Stories that a platform must always bring to the same end: twelve of 1.6, thirteen of 2.x. */
export const scenariosOf = (protocol: Protocol): Scenarios => ({
  ...EVERY,
  ...(protocol === 'ocpp1.6' ? OF_16 : OF_2X),
});

const PLAIN: Manners = {
  ...{ namesTransaction: true, stopNamesToken: true, statusFirst: false, statusShuffled: false, statusTimed: true },
  ...{ twiceStopped: false, keepsClock: true, noId: -1, registerRestarts: false, callTimeoutMs: 30_000 },
  ...{ tries: 20, retriesInPlace: false, reusesIds: false, pongs: true, obeys: 'well' },
  countsTransactions: true,
};
const CALM = { line: 0, database: 0, disk: 0, crash: 0, world: 0, clock: false, poison: 0 };

export interface ScenarioRun {
  /** Which port each point was of, where the core awaited it. */
  readonly ports: readonly Port[];
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

let runs = 0;

/** Tells one of the stories to its end, with the failure of one point; then everything is compared as after a seed. */
export const runScenario = (o: {
  readonly name: string;
  readonly protocol: Protocol;
  readonly adapters: readonly Adapter[];
  readonly real: RealDatabase;
  readonly failing?: { readonly at: number; readonly how: Failure };
  readonly keepTrace?: boolean;
}): Promise<ScenarioRun> =>
  o.real.borrow(async (slot) => {
    const { name, protocol, adapters, real } = o;
    const met = points(o.failing);
    const stage = await openStage({
      ...{
        tenant: `story-${(runs += 1)}` as TenantId,
        real,
        slot,
        adapters,
        chance: chanceOf(`${name} ${protocol}`),
        rates: CALM,
      },
      manners: name === 'a stop names nobody' ? { ...PLAIN, tries: 1 } : PLAIN,
      ...{ stations: [{ protocol }], settle: 'now', probe: met.probe, keepTrace: o.keepTrace === true },
    });
    const { time } = stage;
    const [station] = stage.stations;
    const { identity, hands } = station!;
    const passes = (seconds: number, enough?: () => boolean): Promise<void> =>
      time.until(time.now + seconds * 1_000, enough);
    stage.come();
    await passes(60, () => stage.node !== undefined);
    station!.come();
    await passes(60, () => station!.quiet);
    await scenariosOf(protocol)[name]!({
      ...{ stage, slot, hands, passes },
      command: (what, payload) =>
        void stage.node
          ?.command(identity as StationId, what, payload)
          .catch((error: unknown) => stage.trace.say('operator', String(error))),
    });
    const { ports } = met;
    const counted = [...ports];
    const violations = await stage.finish();
    return { ports: counted, violations, trace: stage.trace.lines };
  });
