import type { Adapter } from '@plugga/kit';
import { sameSetting } from './setting.ts';

/** What is known of one variable of a station, by what it said of it last. */
export interface Known {
  readonly name: string;
  readonly value: string | null;
  readonly readonly: boolean;
  /** It said that it has no such variable. */
  readonly supported: boolean;
  readonly readAt: Date;
  /** What it said to our last writing of it. */
  readonly written: Written | undefined;
}
export interface Written {
  readonly value: string;
  readonly status: 'accepted' | 'rebootRequired' | 'rejected' | 'unsupported';
  readonly at: Date;
}

/**
 * `same` and `differs` compare what the station said last; `unread`: it was never asked; `unsupported`: it has no such
 * variable; `readonly`: it differs and cannot be written; `afterReboot`: it took it, and has not booted since.
 */
export type DriftState = 'same' | 'differs' | 'unread' | 'unsupported' | 'readonly' | 'afterReboot';

export interface Drift {
  readonly name: string;
  readonly wanted: string;
  readonly has: string | null;
  readonly state: DriftState;
  readonly readAt: Date | null;
  readonly written: Written | null;
}

const stateOf = (wanted: string, known: Known | undefined, bootedAt: Date | null): DriftState => {
  if (known === undefined) return 'unread';
  if (!known.supported) return 'unsupported';
  if (known.value !== null && sameSetting(wanted, known.value)) return 'same';
  const { written } = known;
  const waits =
    written?.status === 'rebootRequired' &&
    sameSetting(wanted, written.value) &&
    (bootedAt === null || bootedAt < written.at);
  if (waits) return 'afterReboot';
  return known.readonly ? 'readonly' : 'differs';
};

/**
 * What a template wants of stations of one protocol, by their own names. A setting is told by a name that the protocols share,
 * or for one alone: `ocpp2.0.1:SampledDataCtrlr/TxUpdatedInterval`, which goes before the shared one.
 */
export function settingsFor(
  values: Readonly<Record<string, string>>,
  adapter: Pick<Adapter, 'protocol' | 'settingName'> | undefined,
): Readonly<Record<string, string>> {
  const shared: [string, string][] = [];
  const own: [string, string][] = [];
  for (const [name, value] of Object.entries(values)) {
    const [, protocol, rest] = /^(ocpp\d+(?:\.\d+)*):(.+)$/.exec(name) ?? [];
    if (protocol !== undefined && protocol !== adapter?.protocol) continue;
    const plain = rest ?? name;
    const known = adapter?.settingName === undefined ? plain : adapter.settingName(plain);
    if (protocol !== undefined) own.push([known ?? plain, value]);
    else if (known !== undefined) shared.push([known, value]);
  }
  const mine = new Set(own.map(([name]) => name.toLowerCase()));
  return Object.fromEntries([...shared.filter(([name]) => !mine.has(name.toLowerCase())), ...own]);
}

/** Each setting of a template beside what the station has, in the template's order. Names are compared without case. */
export function driftOf(
  wanted: Readonly<Record<string, string>>,
  known: readonly Known[],
  bootedAt: Date | null,
): readonly Drift[] {
  const byName = new Map(known.map((it) => [it.name.toLowerCase(), it]));
  return Object.entries(wanted).map(([name, value]) => {
    const it = byName.get(name.toLowerCase());
    return {
      name: it?.name ?? name,
      wanted: value,
      has: it?.value ?? null,
      state: stateOf(value, it, bootedAt),
      readAt: it?.readAt ?? null,
      written: it?.written ?? null,
    };
  });
}

/** What is to be written, so that nothing drifts: what differs, and what nobody has asked for yet. */
export const writesOf = (drift: readonly Drift[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    drift.filter(({ state }) => state === 'differs' || state === 'unread').map(({ name, wanted }) => [name, wanted]),
  );
