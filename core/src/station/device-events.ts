import { type DataOf, deviceNoted, type Fact, iso, monitorsReported } from '@plugga/kit';
import { isWhole } from '../device/reports.ts';
import { judge, timed } from '../session/time.ts';
import { newestOf, type Pace, sayAtPace } from './floods.ts';
import type { UnitInTheMaking } from './unit.ts';

/** Danger, failure of the hardware, failure of the system, critical (2.0.1 Part 2, SetMonitoringLevel). */
const GRAVEST = 3;
const EVENTS: Pace = { of: 'device', oneByOne: 60, kinds: 512 };
/** Apart, so that no flood of others hides them. */
const ALERTS: Pace = { of: 'alert', oneByOne: 60, kinds: 512 };

const isSame = (a: DataOf<typeof deviceNoted>, b: DataOf<typeof deviceNoted>): boolean =>
  a.id !== undefined && a.id === b.id && a.value === b.value && (a.rawTime ?? a.time) === (b.rawTime ?? b.time);

/** What a station tells of a variable: kept with its own time, at the pace of a flood where it is one; a repeat is none. */
export function deviceEventHeard(unit: UnitInTheMaking, fact: Extract<Fact, { kind: 'deviceEvent' }>): void {
  const { kind: _, time, severity: said, ...told } = fact;
  const known = told.monitor === undefined ? undefined : unit.state.severities?.[told.monitor];
  const severity = said ?? known;
  const isAlert = told.trigger === 'alerting' && severity !== undefined && severity <= GRAVEST;
  const judged = judge(time, unit.env.now);
  const data: DataOf<typeof deviceNoted> = {
    ...told,
    ...(severity === undefined ? {} : { severity }),
    ...(isAlert ? { alert: true } : {}),
    ...timed(judged),
  };
  const pace = isAlert ? ALERTS : EVENTS;
  const kind = [told.variable, told.monitor ?? '', told.trigger, told.cleared === true ? 'cleared' : ''].join(' ');
  const newest = newestOf(unit.state, pace, kind);
  if (newest?.def === deviceNoted && isSame(newest.data as DataOf<typeof deviceNoted>, data)) return;
  const isTold = sayAtPace(unit, pace, kind, { def: deviceNoted, data, at: judged.at });
  if (!isAlert || !isTold || told.cleared === true) return;
  const detail = [told.value, told.code, told.info].filter((it) => it !== undefined).join(' ');
  unit.want({ kind: 'alert', variable: told.variable, severity, ...(detail === '' ? {} : { detail }) });
}

/** They are kept as they come; what a report does not name is gone once it is whole. */
export function monitorsHeard(
  unit: UnitInTheMaking,
  { report, monitors }: Extract<Fact, { kind: 'monitorsReported' }>,
): void {
  const find = () => unit.state.reports?.find((it) => it.request === report.request);
  const before = find();
  unit.say(monitorsReported, { report, monitors: [...monitors] });
  const now = find();
  const isNow = now !== undefined && isWhole(now) && (before === undefined || !isWhole(before));
  const whole = isNow
    ? { whole: { request: report.request, ids: now.items ?? [], since: now.since ?? iso(unit.env.now) } }
    : {};
  if (monitors.length > 0 || isNow) unit.want({ kind: 'told', monitors, ...whole });
}
