import {
  fail,
  type CommandId,
  type CommandName,
  type CommandResult,
  type CommandTable,
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
import type { Registry } from '../station/registry.ts';
import { createLocalLists } from './local-lists.ts';
import { createPerform, type PerformDeps } from './perform.ts';
import { untiring } from './untiring.ts';

/** What a command is asked with. Tokens are named by id: their values stand in one table only. */
export interface Asked {
  readonly name: CommandName;
  readonly payload: Readonly<Record<string, unknown>>;
}

type Status = 'queued' | 'sent' | 'accepted' | 'rejected' | 'timeout' | 'failed' | 'done';

export interface CommandsDeps extends Omit<PerformDeps, 'localLists'> {
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
  /** Another node asks for it, because the station's socket is here. Resolves when it is under way, or has been before. */
  take(tenant: TenantId, id: string): Promise<void>;
  /** What an earlier run of this node left queued or sent has no end any more: it failed. */
  recover(): Promise<void>;
  /** Waits until nothing is under way. */
  idle(): Promise<void>;
}

/** How long the other node may take to begin with it. */
const TAKE_MS = 5_000;
/** What names tokens or sessions is asked with their ids. */
const NAMED_BY_ID: readonly CommandName[] = ['start', 'stop', 'reserve', 'writeLocalList'];
const settled: Readonly<Record<CommandResult['status'], Status>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  rebootRequired: 'accepted',
  rejected: 'rejected',
  unsupported: 'rejected',
  timeout: 'timeout',
  failed: 'failed',
};

/** Commands with their life cycle: queued, sent, accepted | rejected | timeout | failed, then done when the effect was seen. */
export function createCommands(deps: CommandsDeps): CommandsFace {
  const { transactions, registry, clock, random, log } = deps;
  const perform = createPerform({ ...deps, localLists: createLocalLists({ transactions, clock }) });
  const underWay = new Set<Promise<void>>();
  const untilWritten = untiring({ clock, log });

  const write = (
    tenant: TenantId,
    id: string,
    status: Status,
    result?: CommandResult,
    effect?: string,
  ): Promise<void> =>
    transactions.run(tenant, { plugin: 'core' }, async (tx) => {
      // An end stands, whoever comes later; only the effect, once seen, is more than what was answered.
      const open = sql<boolean>`(status in ('queued', 'sent') or ${status === 'done'})`;
      await transactions
        .kyselyOf(tx)
        .updateTable('core.command_row')
        .set({
          status: sql`case when ${open} then ${status} else status end`,
          updated_at: new Date(clock.now()),
          ...(result === undefined
            ? {}
            : {
                result: JSON.stringify(result),
                detail: sql`case when ${open} then ${result.detail ?? null} else detail end`,
              }),
          ...(effect === undefined ? {} : { effect }),
        })
        .where('id', '=', id)
        .execute();
    });

  /** How a command ended; until that is written it looks as if it were under way. */
  const finish = untilWritten(write);

  /** Whose it is to run: this node's, if nobody has begun with it. */
  const claim = (tenant: TenantId, id: string): Promise<(Asked & { station: StationId; actor: string }) | undefined> =>
    transactions.run(tenant, { plugin: 'core' }, async (tx) => {
      const row = await transactions
        .kyselyOf(tx)
        .updateTable('core.command_row')
        .set({ status: 'sent', node: deps.node, updated_at: new Date(clock.now()) })
        .where('id', '=', id)
        .where('status', '=', 'queued')
        .returning(['station', 'actor', 'name', 'payload'])
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { station, actor, name, payload } = row;
      return { station: station as StationId, actor, name: name as CommandName, payload: payload as Asked['payload'] };
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
  async function dispatch(tenant: TenantId, station: StationId, id: CommandId): Promise<void> {
    if (registry.live(station)?.online !== true) {
      const reached = await deps.holders.reach(station, { kind: 'command', tenant, id }, TAKE_MS);
      if (reached.kind === 'answered') return;
      if (reached.kind === 'cutOff')
        return finish(tenant, id, 'failed', {
          status: 'failed',
          detail: `the station is connected to node ${reached.node}, which cannot be reached`,
        });
    }
    const asked = await claim(tenant, id);
    if (asked !== undefined) await run(tenant, id, asked);
  }

  async function run(
    tenant: TenantId,
    id: CommandId,
    { station, actor, name, payload }: Asked & { readonly station: StationId; readonly actor: string },
  ): Promise<void> {
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
        asked: payload,
      });
    const told = async (status: Status, result?: CommandResult) => {
      await finish(tenant, id, status, result);
      await tell(status, result);
    };
    if (!target.online) return told('failed', { status: 'failed', detail: 'the station is not connected' });
    await tell('sent');
    const result = await perform(target, { tenant, station, id, actor, name, payload });
    if ('variables' in result && result.variables !== undefined) await keepVariables(tenant, station, result.variables);
    const status = settled[result.status];
    await told(status, result);
  }

  const keepVariables = (
    tenant: TenantId,
    station: StationId,
    values: readonly { readonly name: string; readonly value?: string; readonly readonly: boolean }[],
  ): Promise<void> =>
    transactions.run(tenant, { plugin: 'core' }, async (tx) => {
      if (values.length === 0) return;
      const updated_at = new Date(clock.now());
      await transactions
        .kyselyOf(tx)
        .insertInto('core.variable')
        .values(
          values.map(({ name, value, readonly }) => ({
            tenant,
            station,
            name,
            value: value ?? null,
            readonly,
            updated_at,
          })),
        )
        .onConflict((it) =>
          it.columns(['station', 'name']).doUpdateSet((set) => ({
            value: set.ref('excluded.value'),
            readonly: set.ref('excluded.readonly'),
            updated_at,
          })),
        )
        .execute();
    });

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
    transactions.afterCommit(tx, () => track(tx.tenant, id, dispatch(tx.tenant, station, id)));
    return id;
  };

  return {
    queue,
    send: <K extends CommandName>(tx: Tx, actor: string, station: StationId, name: K, command: CommandTable[K]) => {
      if (NAMED_BY_ID.includes(name))
        throw fail('invalid-input', `"${name}" is asked with ids of tokens or sessions: use queue`);
      return queue(tx, actor, station, { name, payload: { ...command } });
    },
    effectSeen: (tenant, command, effect) =>
      void finish(tenant, command, 'done', undefined, effect).catch((error: unknown) =>
        log.error('effect not written', { command, error }),
      ),
    take: async (tenant, id) => {
      const asked = await claim(tenant, id);
      if (asked !== undefined) track(tenant, id, run(tenant, id as CommandId, asked));
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
