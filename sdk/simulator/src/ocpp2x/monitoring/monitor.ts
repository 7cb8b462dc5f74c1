import type { Modelled } from '../device-model.ts';

export type MonitorType =
  | 'UpperThreshold'
  | 'LowerThreshold'
  | 'Delta'
  | 'Periodic'
  | 'PeriodicClockAligned'
  | 'TargetDelta'
  | 'TargetDeltaRelative';

/** A monitor on a variable, and what it saw last. */
export interface Monitor {
  readonly id: number;
  readonly target: Modelled;
  readonly type: MonitorType;
  /** Threshold, change, or seconds of a period. */
  readonly value: number;
  /** 0 (danger) to 9 (debug). */
  readonly severity: number;
  /** Only while a transaction runs there. */
  readonly transaction: boolean;
  readonly kind: 'HardWiredMonitor' | 'PreconfiguredMonitor' | 'CustomMonitor';
  /** What it was when it was last told. */
  last: string;
  /** Past its threshold, or further from its target than it may be. */
  beyond: boolean;
}

const ofTarget: readonly string[] = ['TargetDelta', 'TargetDeltaRelative'];
/** How far a value is from what it is meant to be (2.1). */
export const isOfTarget = ({ type }: Pick<Monitor, 'type'>): boolean => ofTarget.includes(type);
const types: readonly string[] = [
  ...ofTarget,
  'UpperThreshold',
  'LowerThreshold',
  'Delta',
  'Periodic',
  'PeriodicClockAligned',
];
export const isMonitorType = (type: unknown): type is MonitorType => typeof type === 'string' && types.includes(type);

export const isPeriodic = ({ type }: Pick<Monitor, 'type'>): boolean => type.startsWith('Periodic');
export const isNumeric = ({ dataType }: Modelled): boolean => dataType === 'integer' || dataType === 'decimal';

/** What a monitor has to say about a value: it is past the threshold, or no longer, or has changed enough. */
export type Fired = { readonly trigger: 'Alerting'; readonly cleared: boolean } | { readonly trigger: 'Delta' };

/** How far from its target it may be; undefined: this is no monitor of that. */
const awayFrom = ({ type, value, target }: Monitor, now: string): boolean | undefined => {
  if (!isOfTarget({ type }) || target.target === undefined) return undefined;
  const meant = Number(target.target());
  return Math.abs(Number(now) - meant) > (type === 'TargetDelta' ? value : Math.abs(value * meant));
};

/** Undefined when the value is nothing to tell. A period tells by the clock alone; how far a target is off is remembered. */
export const firedBy = (one: Monitor, now: string): Fired | undefined => {
  const away = awayFrom(one, now);
  if (away !== undefined) {
    // Told when it gets too far from its target, not again while it stays there.
    const fires = away && !one.beyond;
    one.beyond = away;
    return fires ? { trigger: 'Delta' } : undefined;
  }
  if (one.type === 'Delta') {
    const changed = isNumeric(one.target) ? Math.abs(Number(now) - Number(one.last)) >= one.value : now !== one.last;
    return changed && now !== one.last ? { trigger: 'Delta' } : undefined;
  }
  if (isPeriodic(one)) return undefined;
  const beyond = one.type === 'UpperThreshold' ? Number(now) > one.value : Number(now) < one.value;
  return beyond === one.beyond ? undefined : { trigger: 'Alerting', cleared: !beyond };
};
