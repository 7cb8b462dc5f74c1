import { commandChanged, type DataOf, instantOf, networkChanged } from '@plugga/kit';
import type { Input } from './input.ts';
import type { UnitInTheMaking } from './unit.ts';

/** A station is to come by another of its network profiles; it goes on until that is settled. */
export type NetworkMove = Omit<DataOf<typeof networkChanged>, 'state'> & { readonly late?: true };
type Change = Extract<Input, { kind: 'network' }>;

/** How it came: by which security profile, and to what it thought it dialled. */
export interface Came {
  readonly securityProfile: number;
  readonly host?: string;
}

export function networkHeard(unit: UnitInTheMaking, input: Change): void {
  const { command, name, state } = input;
  if (state === 'moving') {
    const { move } = input;
    unit.say(networkChanged, { ...move, command, name, state });
    unit.want({ kind: 'awaiting', command, until: instantOf(move.until) });
    return;
  }
  const { network } = unit.state;
  if (network?.command !== command) return;
  const { late: _, ...move } = network;
  unit.say(networkChanged, { ...move, state, detail: input.detail });
  if (state === 'moved') {
    unit.say(commandChanged, { command, name, status: 'done', effect: input.detail });
    unit.want({ kind: 'effect', command, effect: input.detail });
  } else if (state === 'back') {
    unit.say(commandChanged, { command, name, status: 'accepted', unseen: true, detail: input.detail });
    unit.want({ kind: 'unseen', command, detail: input.detail });
  }
}

/** A start of the station tells by which profile it comes; one that does not come in time is told of, and put back when it does. */
export function concludeNetwork(unit: UnitInTheMaking, input: Input): void {
  const { network } = unit.state;
  if (network === undefined) return;
  const isAnew = unit.state.generation !== network.generation;
  const boots =
    input.kind === 'message' && input.facts.some((it) => it.kind === 'booted' && it.reason !== 'Triggered') && isAnew;
  if (boots) return unit.want({ kind: 'network', move: network });
  if (network.late === true || instantOf(network.until) > unit.env.now) return;
  const { command, name } = network;
  const detail = unit.env.online && !isAnew ? 'it has not started anew in time' : 'it has not come in time';
  unit.say(networkChanged, { ...network, state: 'late', detail });
  unit.say(commandChanged, { command, name, status: 'accepted', unseen: true, detail });
  unit.want({ kind: 'unseen', command, detail });
  // What is there can be put back at once; what is away, when it comes.
  if (unit.env.online) unit.want({ kind: 'network', move: unit.state.network! });
}

export const networkAfter = ({ state, detail: _, ...move }: DataOf<typeof networkChanged>): NetworkMove | undefined =>
  state === 'moving' ? move : state === 'late' ? { ...move, late: true } : undefined;

/** Where it dials, as the Host header says it; undefined for what is no URL. */
export function hostOf(url: string): string | undefined {
  try {
    return new URL(url).host.toLowerCase();
  } catch {
    return undefined;
  }
}

/** Of connections that were logged before the host was: nothing, so that what was folded of them then stands. */
export const cameOf = ({
  securityProfile,
  host,
}: {
  readonly securityProfile: number;
  readonly host?: string | undefined;
}): Came | undefined => (host === undefined ? undefined : { securityProfile, host: host.toLowerCase() });
