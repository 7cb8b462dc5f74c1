import {
  type CommandName,
  type CommandResult,
  type CommandTable,
  iso,
  instant,
  type SessionId,
  type StationId,
  type TenantId,
  type TokenInput,
} from '@plugga/kit';
import type { Clock, Random } from '../ports.ts';
import type { ActorControl } from '../station/actor-face.ts';
import type { TokenDecision } from '../station/input.ts';
import { transactionOf } from '../station/state.ts';
import type { PendingCredentials } from '../site/pending-credentials.ts';
import type { createNetwork, NetworkWish } from './network.ts';
import { deletedSeen, installedSeen } from './certificate-seen.ts';
import type { LocalLists } from './local-lists.ts';
import { createTariffOrders, type StationTariffOf } from './tariff-orders.ts';

/** A command as it is asked of one station. */
export interface Order {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly id: string;
  readonly actor: string;
  readonly name: CommandName;
  readonly payload: Readonly<Record<string, unknown>>;
}

export type Target = Pick<ActorControl, 'run' | 'has' | 'tell' | 'stateNow' | 'quiet' | 'online'>;

export interface PerformDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly localLists: LocalLists;
  readonly credentials: PendingCredentials;
  readonly network: ReturnType<typeof createNetwork>;
  /** Where stations find us, as we tell it. */
  readonly publicUrl: string;
  /** The token's value, for the station; undefined when it was erased. */
  tokenById(tenant: TenantId, id: string): Promise<TokenInput | undefined>;
  authorize(
    tenant: TenantId,
    station: StationId,
    ask: { readonly token: TokenInput; readonly evse?: number; readonly purpose: 'start' },
  ): Promise<TokenDecision>;
  stationTariff: StationTariffOf;
}

interface Where {
  readonly evse?: number;
  readonly connector?: number;
}

/** Ids that OCPP wants as positive 32-bit numbers. */
const HIGHEST_ID = 2 ** 31 - 1;
/** Where a certificate may be; those of every version first. */
const USES = ['csmsRoot', 'manufacturerRoot', 'v2gRoot', 'moRoot', 'oemRoot', 'v2gChain'] as const;
/** So that a station whose clock is a little behind ours obeys at once. */
const AHEAD_MS = 60_000;

/** http://host becomes ws://host/ocpp, and https wss. */
const ocppUrl = (publicUrl: string): string => `${publicUrl.replace(/^http/i, 'ws').replace(/\/+$/, '')}/ocpp`;

const whereOf = ({ evse, connector }: Where): Where => ({
  ...(evse === undefined ? {} : { evse }),
  ...(connector === undefined ? {} : { connector }),
});

/** What carries out a command at the station: what it needs is looked up, the rest is the dialect's plan. */
export function createPerform(deps: PerformDeps) {
  const idOf = (): number => 1 + (Buffer.from(deps.random.bytes(4)).readUInt32BE() % HIGHEST_ID);

  /** The token and what is said of it; as a result why it may not charge. */
  async function tokenFor({ tenant, station, payload }: Order, where: Where) {
    const token = await deps.tokenById(tenant, payload['tokenId'] as string);
    if (token === undefined) return { status: 'rejected', detail: 'the token does not exist' } as const;
    const evse = where.evse === undefined || where.evse === 0 ? {} : { evse: where.evse };
    const decision = await deps.authorize(tenant, station, { token, ...evse, purpose: 'start' });
    if (decision.status !== 'accepted')
      return {
        status: 'rejected',
        detail: `the token is not accepted: ${decision.reason ?? decision.status}`,
      } as const;
    return { status: 'found', token, decision } as const;
  }

  async function start(target: Target, order: Order): Promise<CommandResult> {
    const { reference, channel, offer, profile, ...rest } = order.payload as Where & {
      readonly reference?: string;
      readonly channel?: string;
      readonly offer?: string;
      readonly profile?: never;
    };
    const where = whereOf(rest);
    const found = await tokenFor(order, where);
    if (found.status !== 'found') return found;
    const { token, decision } = found;
    const remoteStartId = idOf();
    await target.tell({
      kind: 'request',
      ...where,
      token: decision.ref,
      decision,
      remoteStartId,
      command: order.id,
      actor: order.actor,
      ...(reference === undefined ? {} : { reference }),
      ...(channel === undefined ? {} : { channel }),
      ...(offer === undefined ? {} : { offer }),
    });
    const { group } = decision;
    return target.run('start', {
      ...{ ...where, token, remoteStartId },
      ...(group === undefined ? {} : { group }),
      ...(profile === undefined ? {} : { profile }),
    });
  }

  async function stop(target: Target, { id, actor, payload }: Order): Promise<CommandResult> {
    const session = payload['session'] as SessionId;
    const transaction = transactionOf(target.stateNow(), session);
    if (transaction === undefined) return { status: 'rejected', detail: 'the session has no transaction to stop' };
    await target.tell({ kind: 'stopRequest', session, by: actor, command: id });
    return target.run('stop', { transaction });
  }

  async function reserve(target: Target, order: Order): Promise<CommandResult> {
    const { reservation, expiresAt, connectorType, ...rest } = order.payload as unknown as Where & {
      readonly reservation: number;
      readonly expiresAt: string;
      readonly connectorType?: string;
    };
    const where = whereOf(rest);
    const found = await tokenFor(order, where);
    if (found.status !== 'found') return found;
    const { token, decision } = found;
    const { group } = decision;
    const result = await target.run('reserve', {
      ...{ reservation, ...where, token, expiresAt },
      ...(connectorType === undefined ? {} : { connectorType }),
      ...(group === undefined ? {} : { group }),
    });
    if (result.status === 'accepted')
      await target.tell({
        kind: 'reserved',
        ...{ reservation, evse: where.evse ?? 0, token: decision.ref, expiresAt },
        ...(where.connector === undefined ? {} : { connector: where.connector }),
        ...{ command: order.id, actor: order.actor },
      });
    return result;
  }

  async function cancelReservation(target: Target, { actor, payload }: Order): Promise<CommandResult> {
    const reservation = payload['reservation'] as number;
    const result = await target.run('cancelReservation', { reservation });
    // Rejected: the station knows none of that id, so there is none.
    if (result.status === 'accepted' || result.status === 'rejected')
      await target.tell({ kind: 'unreserved', reservation, actor });
    return result;
  }

  async function writeLocalList(target: Target, { tenant, station, payload }: Order): Promise<CommandResult> {
    const { mode, tokens } = payload as { mode: 'full' | 'differential'; tokens?: readonly string[] };
    const { wanted, entries } = await deps.localLists.plan(tenant, station, { mode, tokens });
    const result = await target.run('writeLocalList', wanted);
    if (result.status === 'accepted' && result.localListVersion !== undefined)
      await deps.localLists.keep(tenant, station, { version: result.localListVersion, entries });
    return result;
  }

  /** What was taken is read again where that is asked for: some stations take a value and keep another. */
  async function writeVariables(target: Target, { payload }: Order): Promise<CommandResult> {
    const { values, readBack = false } = payload as { values: Readonly<Record<string, string>>; readBack?: boolean };
    const written = await target.run('writeVariables', { values });
    if (!readBack || !('outcomes' in written)) return written;
    const names = (written.outcomes ?? [])
      .filter(({ status }) => status === 'accepted' || status === 'rebootRequired')
      .map(({ name }) => name);
    if (names.length === 0) return written;
    const read = await target.run('readVariables', { names });
    return 'variables' in read && read.variables !== undefined ? { ...written, variables: read.variables } : written;
  }

  /** Both keys are good until the station has come with the new one; one that it refuses will never be used. */
  async function rotateKey(target: Target, { tenant, station }: Order): Promise<CommandResult> {
    const { key, hash } = await deps.credentials.giveKey(tenant, station);
    const result = await target.run('rotateKey', { key });
    if (result.status === 'rejected' || result.status === 'unsupported')
      await deps.credentials.takeKeyBack(tenant, station, hash);
    return result;
  }

  /** Expected before it is asked for: the station may come by it before its answer has. */
  async function raiseProfile(target: Target, order: Order): Promise<CommandResult> {
    const { tenant, station, payload } = order;
    const { securityProfile, url, interface: by } = payload as unknown as CommandTable['raiseProfile'];
    const profile = {
      url: url ?? ocppUrl(deps.publicUrl),
      securityProfile,
      ...(by === undefined ? {} : { interface: by }),
    };
    const isSetting = target.has('raiseProfile');
    if (!isSetting && securityProfile > 1 && !/^wss:/i.test(profile.url))
      return { status: 'rejected', detail: `security profile ${securityProfile} is TLS: name the url, wss://…` };
    await deps.credentials.raise(tenant, station, securityProfile);
    const result = await (isSetting
      ? target.run('raiseProfile', { securityProfile })
      : deps.network.move(target, order, { profile, drop: true }));
    if (result.status === 'rejected' || result.status === 'unsupported')
      await deps.credentials.raise(tenant, station, undefined);
    return result;
  }

  /** Whether it is there now is asked of the station itself, unless it is to be left alone. */
  async function installCertificate(target: Target, { payload }: Order): Promise<CommandResult> {
    const { use, certificate } = payload as unknown as CommandTable['installCertificate'];
    const result = await target.run('installCertificate', { use, certificate });
    if (result.status !== 'accepted' || target.quiet) return result;
    const read = await target.run('listCertificates', { use });
    return { ...result, readBack: installedSeen(certificate, read) };
  }

  async function deleteCertificate(target: Target, { payload }: Order): Promise<CommandResult> {
    const { certificate } = payload as unknown as CommandTable['deleteCertificate'];
    const result = await target.run('deleteCertificate', { certificate });
    if (result.status !== 'accepted' || target.quiet) return result;
    const reads: CommandResult[] = [];
    for (const use of USES) {
      const read = await target.run('listCertificates', { use });
      // A use that the station's version does not have holds nothing to look in.
      if (read.status !== 'unsupported' || reads.length === 0) reads.push(read);
    }
    return { ...result, readBack: deletedSeen(certificate, reads) };
  }

  const ofCustomer =
    (name: 'readCustomer' | 'eraseCustomer') =>
    async (target: Target, { tenant, payload }: Order): Promise<CommandResult> => {
      const { tokenId, ...rest } = payload as Omit<CommandTable['readCustomer'], 'token'> & {
        readonly tokenId?: string;
      };
      if (tokenId === undefined) return target.run(name, rest);
      const token = await deps.tokenById(tenant, tokenId);
      return token === undefined
        ? { status: 'rejected', detail: 'the token does not exist' }
        : target.run(name, { ...rest, token });
    };

  /** Which monitors it has after that only it knows: it is asked, unless it is to be left alone. */
  async function setMonitoringBase(target: Target, { payload }: Order): Promise<CommandResult> {
    const { base, request } = payload as unknown as CommandTable['setMonitoringBase'] & { readonly request: number };
    const result = await target.run('setMonitoringBase', { base });
    if (result.status !== 'accepted' || target.quiet) return result;
    const read = await target.run('readMonitors', { request });
    if (read.status !== 'accepted')
      return {
        ...result,
        readBack: { seen: false, detail: `its monitors were not told: ${read.detail ?? read.status}` },
      };
    return { ...read, ...result };
  }

  async function requestBatterySwap(target: Target, order: Order): Promise<CommandResult> {
    const found = await tokenFor(order, {});
    return found.status === 'found'
      ? target.run('requestBatterySwap', { request: order.payload['request'] as number, token: found.token })
      : found;
  }

  /** What it tells of messages that wait is kept with the session, as where the core asks by itself. */
  async function transactionStatus(target: Target, { payload }: Order): Promise<CommandResult> {
    const { transaction } = payload as CommandTable['transactionStatus'];
    const result = await target.run('transactionStatus', transaction === undefined ? {} : { transaction });
    const told = 'transaction' in result ? result.transaction : undefined;
    const session = target.stateNow().sessions.find((it) => it.transaction?.id === transaction);
    if (told !== undefined && transaction !== undefined && session !== undefined)
      await target.tell({
        kind: 'transactionStatus',
        session: session.id,
        messagesInQueue: told.messagesInQueue,
      });
    return result;
  }

  const special: Partial<Record<CommandName, (target: Target, order: Order) => Promise<CommandResult>>> = {
    start,
    stop,
    reserve,
    cancelReservation,
    transactionStatus,
    writeLocalList,
    writeVariables,
    rotateKey,
    raiseProfile,
    moveNetwork: (target, order) => deps.network.move(target, order, order.payload as unknown as NetworkWish),
    installCertificate,
    deleteCertificate,
    setMonitoringBase,
    readCustomer: ofCustomer('readCustomer'),
    eraseCustomer: ofCustomer('eraseCustomer'),
    requestBatterySwap,
    ...createTariffOrders(deps),
    limit: (target, { payload }) => target.run('limit', { ...payload, at: iso(instant(deps.clock.now() - AHEAD_MS)) }),
  };

  return (target: Target, order: Order): Promise<CommandResult> =>
    (special[order.name] ?? ((to, { name, payload }) => to.run(name, payload as never)))(target, order);
}
