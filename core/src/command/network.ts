import { type CommandResult, iso, instant, type NetworkProfile, type StationId, type TenantId } from '@plugga/kit';
import type { Clock } from '../ports.ts';
import { type Came, hostOf, type NetworkMove } from '../station/network.ts';
import type { Order, Target } from './perform.ts';

const PRIORITY = 'OCPPCommCtrlr/NetworkConfigurationPriority';
const ACTIVE = 'OCPPCommCtrlr/ActiveNetworkProfile';
/** Slots that are tried where the station has not said which it has. */
const USUAL = [1, 2, 3];
const WITHIN_SECONDS = 15 * 60;

export interface NetworkWish {
  readonly profile: NetworkProfile;
  readonly slot?: number;
  /** Take what it came by before out of the order, once it has come by this. */
  readonly drop?: boolean;
  readonly reset?: 'soft' | 'hard';
  readonly withinSeconds?: number;
}
export interface NetworkDeps {
  readonly clock: Clock;
  /** What the variable may be, where a report has told. */
  valuesOf(tenant: TenantId, station: StationId, variable: string): Promise<readonly string[] | undefined>;
}

const slotsOf = (text: string | undefined): readonly number[] =>
  (text ?? '').split(',').flatMap((it) => (/^\s*\d{1,9}\s*$/.test(it) ? [Number(it)] : []));
const rejected = (detail: string): CommandResult => ({ status: 'rejected', detail });
const isTaken = ({ status }: CommandResult): boolean => status === 'accepted' || status === 'rebootRequired';

async function read(target: Target, name: string): Promise<string | undefined> {
  const result = await target.run('readVariables', { names: [name] });
  const { variables = [] } = result as Extract<CommandResult, { readonly variables?: unknown }>;
  return variables[0]?.value;
}
const write = (target: Target, slots: readonly number[]): Promise<CommandResult> =>
  target.run('writeVariables', { values: { [PRIORITY]: slots.join(',') } });

/** Moves a station to another network profile with the old one to fall back to (2.0.1 B09 and B10). */
export function createNetwork({ clock, valuesOf }: NetworkDeps) {
  /** The profile goes into a free slot, that slot goes first, and the station starts anew; what it comes by is seen afterwards. */
  async function move(target: Target, order: Order, wish: NetworkWish): Promise<CommandResult> {
    const { tenant, station, id: command, name } = order;
    const before = slotsOf(await read(target, PRIORITY));
    if (before.length === 0) return rejected(`the station does not say its ${PRIORITY}: it could not be put back`);
    const known = (await valuesOf(tenant, station, PRIORITY))?.flatMap(slotsOf) ?? USUAL;
    const slot = wish.slot ?? known.find((it) => !before.includes(it));
    if (slot === undefined) return rejected(`no slot is free: ${before.join(', ')} are in use; name one with "slot"`);
    if (before.includes(slot)) return rejected(`slot ${slot} is in use: there would be nothing to fall back to`);

    const { profile, drop = false } = wish;
    const set = await target.run('setNetworkProfile', { slot, profile });
    if (set.status !== 'accepted') return set;
    const ordered = await write(target, [slot, ...before]);
    if (!isTaken(ordered)) return { ...ordered, status: 'rejected' };

    const state = target.stateNow();
    const until = iso(instant(clock.now() + (wish.withinSeconds ?? WITHIN_SECONDS) * 1_000));
    const { url, securityProfile } = profile;
    const from = state.came;
    await target.tell({
      kind: 'network',
      ...{ command, name, state: 'moving' },
      move: {
        ...{ slot, before: [...before], drop, securityProfile, url, until, generation: state.generation ?? 0 },
        ...(from === undefined ? {} : { from: { ...from } }),
      },
    });
    const reset = await target.run('reset', { kind: wish.reset ?? 'soft' });
    if (reset.status === 'accepted' || reset.status === 'scheduled' || reset.status === 'timeout')
      return { status: 'accepted', detail: `slot ${slot}, reset ${reset.status}` };
    const undone = await write(target, before);
    const left = isTaken(undone)
      ? ''
      : `, and its order of profiles could not be put back: ${undone.detail ?? undone.status}`;
    const detail = `the station does not start anew: ${reset.detail ?? reset.status}${left}`;
    await target.tell({ kind: 'network', command, name, state: 'back', detail });
    return rejected(detail);
  }

  /** It has started anew, or has not in time: what it came by is found out, and the order of its profiles is put right. */
  async function settle(target: Target, network: NetworkMove): Promise<boolean | undefined> {
    const { command, name, slot, before, drop } = network;
    if (target.stateNow().network?.command !== command) return undefined;
    const came =
      network.late === true && target.stateNow().generation === network.generation
        ? false
        : await cameBy(target, network);
    // Gone again: its next start tells.
    if (!target.online) return undefined;
    if (came === undefined) {
      const detail = `the station does not say by which of its profiles it came; its order is ${[slot, ...before].join(',')}`;
      await target.tell({ kind: 'network', command, name, state: 'back', detail });
      return false;
    }
    if (came) {
      const [, ...others] = before;
      const dropped = drop ? await write(target, [slot, ...others]) : undefined;
      const isKept = dropped !== undefined && !isTaken(dropped);
      const detail = `connected by slot ${slot}${isKept ? `; slot ${before[0]} could not be dropped` : ''}`;
      await target.tell({ kind: 'network', command, name, state: 'moved', detail });
      return true;
    }
    const undone = await write(target, before);
    const put = isTaken(undone) ? 'is put back' : `could not be put back (${undone.detail ?? undone.status})`;
    const detail = `it is on slot ${before[0]} still, or again; the order of its profiles ${put}`;
    await target.tell({ kind: 'network', command, name, state: 'back', detail });
    return false;
  }

  return { move, settle };
}

/** By what it says itself, else by what only the new one can be. */
async function cameBy(target: Target, { slot, from, securityProfile, url }: NetworkMove): Promise<boolean | undefined> {
  const [active] = slotsOf(await read(target, ACTIVE));
  if (active !== undefined) return active === slot;
  const came: Came | undefined = target.stateNow().came;
  if (came === undefined || from === undefined) return undefined;
  const host = hostOf(url);
  const tells = [
    ...(from.securityProfile === securityProfile ? [] : [came.securityProfile === securityProfile]),
    ...(host === undefined || host === from.host ? [] : [came.host === host]),
  ];
  return tells.length === 0 ? undefined : tells.includes(true);
}
