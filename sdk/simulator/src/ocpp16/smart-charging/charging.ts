import type { Configuration } from '../configuration.ts';
import { type Composite, compositeOf } from './composite.ts';
import { type Hardware, stationLimitAt, transactionLimitAt, VOLTS } from './limit.ts';
import { type Profile, profileOf, type ProfileLimits, type Purpose, type RateUnit, type Refusal } from './profile.ts';
import { afterTransaction, withoutProfiles, withProfile } from './profiles.ts';

/** What the profiles need to know of a connector. */
export interface Loaded {
  readonly number: number;
  /** Start of its transaction; undefined when none runs. */
  readonly startedAt: number | undefined;
  readonly transactionId: number | string | undefined;
  /** Phases of the car. */
  readonly phases: number;
}

export interface External {
  readonly source: string;
  readonly connector: number;
  readonly watts: number;
  /** It is capacity of the site's own, on top of what the station may take (OCPP 2.1, LocalGeneration). */
  readonly adds?: true;
}

type Given = Readonly<Record<string, unknown>>;

/** The station's charging profiles and what they come to. */
export interface Charging {
  /** SetChargingProfile; a text is what was refused and why. */
  set(connector: number, given: unknown): 'Accepted' | Refusal;
  /** ClearChargingProfile; false when nothing fits. */
  clear(given: Given): boolean;
  composite(connector: number, durationSeconds: number, unit: RateUnit | undefined): Composite | undefined;
  /** What the connector may deliver at that time, in watts; infinite when no profile says anything. */
  allowance(connector: number, at: number): number;
  /** What something beside the CSMS limits: a connector, 0 all together; no watts: it does no longer. */
  external(source: string, connector: number, watts: number | undefined, adds?: boolean): void;
  externals(): readonly External[];
  /** Its transaction goes before others or no longer; false when there is no profile that says what then holds. */
  first(connector: number, on: boolean): boolean;
  transactionEnded(connector: number): void;
  keep(): readonly Profile[];
}

/** A car cannot be told less than this on a phase: below it the station pauses (IEC 61851-1 annex A). */
const LEAST_AMPERES = 6;
/** Above this the station is a DC one, which knows no such least. */
const MOST_AC_WATTS = 43_470;

export const charging = (o: {
  readonly configuration: Configuration;
  readonly now: () => number;
  readonly connectors: () => readonly Loaded[];
  readonly maxPowerW: number;
  /** The currents that it can charge with, lowest first; any when not given. */
  readonly steps?: readonly number[] | undefined;
  /** Purposes beside those of OCPP 1.6. */
  readonly purposes: readonly Purpose[];
  /** Called before anything changes: what was delivered until now was delivered under what held until now. */
  readonly changing: () => void;
  readonly past?: readonly Profile[] | undefined;
}): Charging => {
  let profiles: readonly Profile[] = o.past ?? [];
  const { configuration } = o;
  const units = (): RateUnit[] => {
    const said = configuration.list('ChargingScheduleAllowedChargingRateUnit');
    return [
      ...(said.some((one) => one === 'Power' || one === 'W') ? (['W'] as const) : []),
      ...(said.some((one) => one === 'Current' || one === 'A') ? (['A'] as const) : []),
    ];
  };
  const limits = (): ProfileLimits => ({
    maxStackLevel: configuration.number('ChargeProfileMaxStackLevel'),
    units: units(),
    maxPeriods: configuration.number('ChargingScheduleMaxPeriods'),
    maxProfiles: configuration.number('MaxChargingProfilesInstalled'),
    purposes: ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile', ...o.purposes],
  });
  let externals: readonly External[] = [];
  const firsts = new Set<number>();
  const externalAt = (connector: number): number =>
    Math.min(
      Infinity,
      ...externals.filter((one) => one.connector === connector && one.adds !== true).map((one) => one.watts),
    );
  const generated = (): number => externals.reduce((sum, one) => sum + (one.adds === true ? one.watts : 0), 0);
  /** What there is without any profile, now. */
  const hardware = (connector: number): Hardware => ({
    watts: Math.min(
      o.maxPowerW * (connector === 0 ? o.connectors().length : 1),
      connector === 0 ? Infinity : externalAt(connector),
    ),
    phases: 3,
    fromOutside: externalAt(0),
    generated: generated(),
  });
  const find = (connector: number): Loaded | undefined => o.connectors().find((one) => one.number === connector);
  const refuse = (why: string): Refusal => ({ ok: false, malformed: false, why });

  return {
    set(connector, given) {
      const here = find(connector);
      if (connector !== 0 && here === undefined) return refuse(`there is no connector ${connector}`);
      const read = profileOf(given, { connector, now: o.now(), limits: limits() });
      if (!read.ok) return read;
      const { purpose, transactionId } = read.profile;
      if (purpose === 'TxProfile') {
        if (here?.startedAt === undefined) return refuse('no transaction runs there');
        if (transactionId !== undefined && transactionId !== here.transactionId)
          return refuse(`transaction ${transactionId} does not run there`);
      }
      const next = withProfile(profiles, read.profile, limits());
      if (next === undefined) return refuse('the station is full of profiles');
      o.changing();
      profiles = next;
      return 'Accepted';
    },
    clear(given) {
      const left = withoutProfiles(profiles, given);
      const some = left.length < profiles.length;
      o.changing();
      profiles = left;
      return some;
    },
    composite(connector, durationSeconds, unit) {
      const here = find(connector);
      if (connector !== 0 && here === undefined) return undefined;
      const wanted = unit ?? units()[0] ?? 'W';
      if (!units().includes(wanted)) return undefined;
      const now = o.now();
      const seen = { connector, startedAt: here?.startedAt ?? now, phases: 3, first: firsts.has(connector) };
      return compositeOf(profiles, { now, durationSeconds, unit: wanted, seen, hardware: hardware(connector) });
    },
    allowance(connector, at) {
      if (profiles.length === 0 && externals.length === 0) return Infinity;
      const all = o.connectors();
      const here = find(connector);
      const seen = {
        connector,
        startedAt: here?.startedAt ?? at,
        phases: here?.phases ?? 3,
        first: firsts.has(connector),
      };
      const own = Math.min(externalAt(connector), transactionLimitAt(profiles, at, seen)?.watts ?? Infinity);
      const whole = Math.min(externalAt(0), stationLimitAt(profiles, at, seen)?.watts ?? Infinity) + generated();
      // What is for the station as a whole is shared out among the connectors that charge.
      const allowed = Math.min(own, whole / Math.max(1, all.filter((one) => one.startedAt !== undefined).length));
      const least = o.maxPowerW > MOST_AC_WATTS ? 0 : LEAST_AMPERES * VOLTS * seen.phases;
      if (allowed < least) return 0;
      if (o.steps === undefined || allowed === Infinity) return allowed;
      const amperes = allowed / (VOLTS * seen.phases);
      return (o.steps.findLast((step) => step <= amperes) ?? 0) * VOLTS * seen.phases;
    },
    external(source, connector, watts, adds = false) {
      o.changing();
      const others = externals.filter(
        (one) => one.source !== source || one.connector !== connector || (one.adds === true) !== adds,
      );
      const now = { source, connector, ...(adds ? { adds } : {}) };
      externals = watts === undefined ? others : [...others, { ...now, watts }];
    },
    externals: () => externals,
    first(connector, on) {
      const some = profiles.some(
        (one) => one.purpose === 'PriorityCharging' && (one.connector === connector || one.connector === 0),
      );
      o.changing();
      if (on && some) firsts.add(connector);
      else firsts.delete(connector);
      return some;
    },
    transactionEnded(connector) {
      o.changing();
      firsts.delete(connector);
      profiles = afterTransaction(profiles, connector);
    },
    keep: () => profiles,
  };
};
