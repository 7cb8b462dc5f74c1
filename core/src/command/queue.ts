import {
  fail,
  iso,
  type Iso,
  type Monitor,
  type CommandId,
  type CommandName,
  type CommandResult,
  type CommandTable,
  type Instant,
  type Log,
  type StationId,
  type TenantId,
  type Tx,
} from '@plugga/kit';
import { type Kysely, sql } from 'kysely';
import type { Holders } from '../cluster/holders.ts';
import type { CoreTables } from '../db/tables.ts';
import type { CommandQueue, Transactions } from '../plugins/face.ts';
import { newId } from '../id.ts';
import type { Clock, Random } from '../ports.ts';
import type { ActorDeps } from '../station/actor-face.ts';
import type { CustomerPart } from '../station/input.ts';
import type { NetworkMove } from '../station/network.ts';
import type { Registry } from '../station/registry.ts';
import type { DeviceTold } from '../station/input.ts';
import { createVariables, type Told } from '../device/variables.ts';
import { keepCustomerPart } from './customer-information.ts';
import { createLocalLists } from './local-lists.ts';
import { lanes } from './lanes.ts';
import { createNetwork } from './network.ts';
import { createPerform, type PerformDeps } from './perform.ts';
import { seenOf } from './seen-of.ts';
import { type Claimed, commandRows, type Seen, type Status } from './rows.ts';
import { untiring } from './untiring.ts';

/** What a command is asked with. Tokens are named by id: their values stand in one table only. */
export interface Asked {
  readonly name: CommandName;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface CommandsDeps extends Omit<PerformDeps, 'localLists' | 'network'> {
  readonly transactions: Transactions;
  /** Sees the commands of all tenants. */
  readonly system: Kysely<CoreTables>;
  readonly registry: Registry;
  readonly holders: Pick<Holders, 'reach'>;
  /** The name of this node. */
  readonly node: string;
  /** Whether it is the only one that works on the database. */
  readonly alone: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface CommandsFace extends CommandQueue {
  /** Inserts the command; it is sent after the transaction's commit. */
  queue(tx: Tx, actor: string, station: StationId, asked: Asked): Promise<CommandId>;
  /** The boot after a reset, the session after a start. */
  effectSeen(tenant: TenantId, command: string, effect: string): void;
  effectAwaited(tenant: TenantId, command: string, until: Instant): void;
  effectUnseen(tenant: TenantId, command: string, detail: string): void;
  /** What a report told of variables and monitors. */
  deviceTold(tenant: TenantId, station: StationId, told: DeviceTold): void;
  /** A station that is to come by another network profile has started anew, or has not in time. */
  networkSettles(tenant: TenantId, station: StationId, move: NetworkMove): void;
  /** What the station says of a driver, for the command that asked. */
  customerTold(tenant: TenantId, command: string, told: CustomerPart): void;
  /** Another node asks for it, because the station's socket is here. Resolves when it is under way, or has been before. */
  take(tenant: TenantId, id: string): Promise<void>;
  /** What an earlier run of this node left queued or sent has no end any more: it failed. */
  recover(): Promise<void>;
  /** Waits until nothing is under way. */
  idle(): Promise<void>;
}

/** How long the other node may take to begin with it. */
const TAKE_MS = 5_000;
/** Commands of drivers. All others of a station are carried out one after the other, in the order in which they were asked. */
const AT_ONCE: readonly CommandName[] = ['start', 'stop', 'unlock'];
/** What names tokens or sessions is asked with their ids. */
const NAMED_BY_ID: readonly CommandName[] = ['start', 'stop', 'reserve', 'writeLocalList', 'rotateKey', 'raiseProfile'];
const settled: Readonly<Record<CommandResult['status'], Status>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  rebootRequired: 'accepted',
  rejected: 'rejected',
  unsupported: 'rejected',
  timeout: 'timeout',
  failed: 'failed',
};

/** What of an answer is kept beside the log. */
const KEPT = ['variables', 'outcomes', 'monitors', 'clearedMonitors'] as const;
/** An answer that is the whole report itself. */
const allOf = (
  { request }: Claimed['payload'],
  monitors: readonly Monitor[],
  since: Iso,
): DeviceTold['whole'] & {} => ({
  ...{ request: Number(request), ids: monitors.map(({ id }) => id), since },
});

/** Commands with their life cycle: queued, sent, accepted | rejected | timeout | failed, then done when the effect was seen. */
export function createCommands(deps: CommandsDeps): CommandsFace {
  const { transactions, registry, clock, random, log } = deps;
  const variables = createVariables({ transactions, clock });
  const network = createNetwork({ clock, valuesOf: variables.valuesOf });
  const perform = createPerform({ ...deps, network, localLists: createLocalLists({ transactions, clock }) });
  const underWay = new Set<Promise<void>>();
  const untilWritten = untiring({ clock, log });

  const rows = commandRows(deps);
  /** How a command ended; until that is written it looks as if it were under way. */
  const finish = untilWritten(rows.write);
  const told = untilWritten(rows.writeEffect);
  const kept = untilWritten(variables.keep);
  const keepCustomer = untilWritten(keepCustomerPart({ transactions, clock }));
  const inTime = (what: string, writing: Promise<void>): void => {
    const work: Promise<void> = writing
      .catch((error: unknown) => log.error(`${what} not written`, { error }))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
  const line = lanes<StationId>();
  const keeping = lanes<StationId>();
  /** What is seen of a command is written in the order in which it was: it is not done before what it asked for is kept. */
  const seeing = lanes<string>();

  /** In the order in which the station has told it. Monitors that are gone by its report are gone in its log as well. */
  const keep = (tenant: TenantId, station: StationId, told: Told): Promise<void> =>
    keeping.run(station, async () => {
      const gone = await kept(tenant, station, told);
      if (gone.length === 0) return;
      await (await registry.actorOf(station))?.tell({ kind: 'monitorsGone', monitors: gone });
    });

  const track = (tenant: TenantId, id: string, running: Promise<void>): void => {
    const work = running
      .catch(async (error: unknown) => {
        log.error('command failed', { command: id, error });
        await finish(tenant, id, 'failed', {
          status: 'failed',
          detail: error instanceof Error ? error.message : String(error),
        });
      })
      .catch((error: unknown) => log.error('command not written', { command: id, error }))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };

  /** By the node that holds the station's socket; here when nobody does. */
  async function dispatch(tenant: TenantId, station: StationId, id: CommandId, name: CommandName): Promise<void> {
    if (registry.live(station)?.online !== true) {
      const reached = await deps.holders.reach(station, { kind: 'command', tenant, id }, TAKE_MS);
      if (reached.kind === 'answered') return;
      if (reached.kind === 'cutOff')
        return finish(tenant, id, 'failed', {
          status: 'failed',
          detail: `the station is connected to node ${reached.node}, which cannot be reached`,
        });
    }
    const work = async (): Promise<void> => {
      const asked = await rows.claim(tenant, id);
      if (asked !== undefined) await run(tenant, id, asked);
    };
    // Whoever stands at the station does not wait for what is done to it at the desk.
    await (AT_ONCE.includes(name) ? work() : line.run(station, work));
  }

  async function run(tenant: TenantId, id: CommandId, { station, actor, name, payload }: Claimed): Promise<void> {
    const target = await registry.actorOf(station);
    // Its row says "sent" since it was claimed.
    if (target === undefined) return finish(tenant, id, 'failed', { status: 'failed', detail: 'the station is gone' });
    const tell = (status: Status, result?: CommandResult) =>
      target.tell({
        kind: 'command',
        command: id,
        name,
        status,
        actor,
        ...(result?.detail === undefined ? {} : { detail: result.detail }),
        ...(result === undefined ? {} : { result }),
        asked: seenOf({ name, payload }),
      });
    const told = async (status: Status, result?: CommandResult) => {
      await finish(tenant, id, status, result);
      await tell(status, result);
    };
    if (!target.online) return told('failed', { status: 'failed', detail: 'the station is not connected' });
    await tell('sent');
    const result = await perform(target, { tenant, station, id, actor, name, payload });
    const { allMonitors } = result as Extract<CommandResult, { readonly allMonitors?: unknown }>;
    const whole = allMonitors === undefined ? {} : { whole: allOf(payload, allMonitors, iso(clock.now())) };
    if (KEPT.some((it) => it in result) || allMonitors !== undefined)
      await keep(tenant, station, { ...(result as Told), ...whole });
    const status = settled[result.status];
    await told(status, result);
  }

  const queue = async (tx: Tx, actor: string, station: StationId, asked: Asked): Promise<CommandId> => {
    const id = newId(random) as CommandId;
    const at = new Date(clock.now());
    await transactions
      .kyselyOf(tx)
      .insertInto('core.command_row')
      .values({
        id,
        tenant: tx.tenant,
        station,
        name: asked.name,
        payload: JSON.stringify(asked.payload),
        status: 'queued',
        detail: null,
        result: null,
        effect: null,
        actor,
        node: deps.node,
        created_at: at,
        updated_at: at,
      })
      .execute();
    transactions.afterCommit(tx, () => track(tx.tenant, id, dispatch(tx.tenant, station, id, asked.name)));
    return id;
  };

  const tell = (tenant: TenantId, command: string, seen: Seen): void =>
    void seeing
      .run(command, () => told(tenant, command, seen))
      .catch((error: unknown) => log.error('effect not written', { command, error }));

  return {
    queue,
    send: <K extends CommandName>(tx: Tx, actor: string, station: StationId, name: K, command: CommandTable[K]) => {
      if (NAMED_BY_ID.includes(name))
        throw fail('invalid-input', `"${name}" is asked with ids, or makes its own key: use queue`);
      return queue(tx, actor, station, { name, payload: { ...command } });
    },
    effectSeen: (tenant, command, effect) => tell(tenant, command, { state: 'seen', effect }),
    effectAwaited: (tenant, command, until) => tell(tenant, command, { state: 'awaited', until }),
    effectUnseen: (tenant, command, effect) => tell(tenant, command, { state: 'unseen', effect }),
    deviceTold: (tenant, station, told) => inTime(`device model of ${station}`, keep(tenant, station, told)),
    networkSettles: (tenant, station, move) =>
      inTime(
        `network profile of ${station}`,
        line.run(station, async () => {
          const target = await registry.actorOf(station);
          const isMoved = target === undefined ? undefined : await network.settle(target, move);
          // By the old one it comes as it did before.
          if (isMoved === false && move.name === 'raiseProfile')
            await deps.credentials.raise(tenant, station, undefined);
        }),
      ),
    customerTold: (tenant, command, told) =>
      inTime(
        `customer information for ${command}`,
        seeing.run(command, () => keepCustomer(tenant, command, told)),
      ),
    take: async (tenant, id) => {
      const asked = await rows.claim(tenant, id);
      if (asked === undefined) return;
      const work = () => run(tenant, id as CommandId, asked);
      track(tenant, id, AT_ONCE.includes(asked.name) ? work() : line.run(asked.station, work));
    },
    recover: async () => {
      // Rows without a node are of a version that knew none.
      const ofNobody = sql<boolean>`node is null and (${deps.alone} or updated_at < now() - interval '10 minutes')`;
      await deps.system
        .updateTable('core.command_row')
        .set({ status: 'failed', detail: 'the platform was restarted', updated_at: new Date(clock.now()) })
        .where('status', 'in', ['queued', 'sent'])
        .where((eb) => eb.or([eb('node', '=', deps.node), ofNobody]))
        .execute();
    },
    idle: async () => {
      untilWritten.stop();
      await Promise.allSettled([...underWay]);
    },
  };
}

/** What the actors tell of the effects of commands; the commands are made after the actors. */
export const commandEffects = (
  commands: () => CommandsFace,
): Pick<
  ActorDeps,
  'effectSeen' | 'effectAwaited' | 'effectUnseen' | 'deviceTold' | 'customerTold' | 'networkSettles'
> => ({
  networkSettles: ({ tenant, station }, move) => commands().networkSettles(tenant, station, move),
  customerTold: ({ tenant }, command, told) => commands().customerTold(tenant, command, told),
  deviceTold: ({ tenant, station }, told) => commands().deviceTold(tenant, station, told),
  effectSeen: ({ tenant }, command, effect) => commands().effectSeen(tenant, command, effect),
  effectAwaited: ({ tenant }, command, until) => commands().effectAwaited(tenant, command, until),
  effectUnseen: ({ tenant }, command, detail) => commands().effectUnseen(tenant, command, detail),
});
