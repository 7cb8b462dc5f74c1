import { type Command, malformed, record, type Reply, status, text, whole } from '../../ocpp16/command.ts';
import type { Modelled } from '../device-model.ts';
import type { Context } from './context.ts';
import type { Look } from './provisioning.ts';
import type { Streams } from './streams.ts';

type Given = Readonly<Record<string, unknown>>;

interface Monitor {
  readonly id: number;
  readonly target: Modelled;
  readonly type: string;
  readonly value: number;
  readonly severity: number;
  readonly transaction: boolean;
  /** What it was when it was last told, and whether it is beyond its threshold. */
  last: string;
  beyond: boolean;
}

const types = ['UpperThreshold', 'LowerThreshold', 'Delta', 'Periodic', 'PeriodicClockAligned'];

/** Block N: monitors on variables, and the events that they give. */
export const monitoring = (
  { hands, beside }: Context,
  o: { readonly lookUp: Look; readonly model: readonly Modelled[]; readonly streams: Streams },
): Readonly<Record<string, Command>> => {
  const monitors = new Map<number, Monitor>();
  let nextId = 1;
  let nextEvent = 0;
  let level = 9;

  const tell = (one: Monitor, trigger: 'Alerting' | 'Delta' | 'Periodic', cleared = false): void => {
    one.last = one.target.read();
    if (one.severity > level) return;
    nextEvent += 1;
    const { component, variable } = one.target;
    void beside.call('NotifyEvent', {
      generatedAt: hands.stamp(hands.now()),
      seqNo: 0,
      eventData: [
        {
          eventId: nextEvent,
          timestamp: hands.stamp(hands.now()),
          trigger,
          actualValue: one.last,
          ...(cleared ? { cleared } : {}),
          component,
          variable,
          variableMonitoringId: one.id,
          eventNotificationType: 'CustomMonitor',
        },
      ],
    });
  };
  const look = (one: Monitor): void => {
    const now = one.target.read();
    const number = Number(now);
    if (one.type === 'Delta') {
      const changed = Number.isNaN(number) ? now !== one.last : Math.abs(number - Number(one.last)) >= one.value;
      if (changed) tell(one, 'Delta');
    }
    const beyond =
      (one.type === 'UpperThreshold' && number > one.value) || (one.type === 'LowerThreshold' && number < one.value);
    if (beyond === one.beyond) return;
    one.beyond = beyond;
    tell(one, 'Alerting', !beyond);
  };
  beside.watch((event) => {
    if (event.kind !== 'metered' && event.kind !== 'status' && event.kind !== 'stopped') return;
    for (const one of monitors.values()) look(one);
    o.streams.look();
  });

  const set = (item: Given): Given => {
    const { component, variable } = item;
    const [type, severity] = [text(item['type']) ?? '', whole(item['severity']) ?? 9];
    const said = { component, variable, type, severity };
    const { found, why } = o.lookUp(item);
    if (found === undefined) return { ...said, status: why };
    const value = Number(item['value']);
    if (!types.includes(type)) return { ...said, status: 'UnsupportedMonitorType' };
    if (!Number.isFinite(value) || (type.includes('Threshold') && Number.isNaN(Number(found.read()))))
      return { ...said, status: 'Rejected' };
    const given = whole(item['id']);
    if (given !== undefined && !monitors.has(given)) return { ...said, status: 'Rejected' };
    const twin = [...monitors.values()].some(
      (one) => one.id !== given && one.target === found && one.type === type && one.severity === severity,
    );
    if (twin) return { ...said, status: 'Duplicate' };
    const id = given ?? nextId++;
    const monitor: Monitor = {
      id,
      target: found,
      type,
      value,
      severity,
      transaction: item['transaction'] === true,
      last: found.read(),
      beyond: false,
    };
    monitors.set(id, monitor);
    const stream = record(item['periodicEventStream']);
    if (stream !== undefined) o.streams.open(id, found, stream);
    return { ...said, status: 'Accepted', id };
  };
  const report = async (requestId: number, all: readonly Monitor[]): Promise<void> => {
    const targets = [...new Set(all.map((one) => one.target))];
    const size = 10;
    for (let from = 0, seqNo = 0; from < targets.length; from += size, seqNo += 1) {
      const answer = await beside.call('NotifyMonitoringReport', {
        requestId,
        seqNo,
        generatedAt: hands.stamp(hands.now()),
        ...(from + size < targets.length ? { tbc: true } : {}),
        monitor: targets.slice(from, from + size).map(({ component, variable }) => ({
          component,
          variable,
          variableMonitoring: all
            .filter((one) => one.target.component === component && one.target.variable === variable)
            .map(({ id, transaction, value, type, severity }) => ({
              ...{ id, transaction, value, type, severity },
              ...o.streams.kind,
            })),
        })),
      });
      if (answer.kind === 'gone') return;
    }
  };
  const answer = (requestId: number, all: readonly Monitor[]): Reply =>
    all.length === 0 ? status('EmptyResultSet') : status('Accepted', () => void report(requestId, all));

  return {
    SetMonitoringBase(payload) {
      const base = payload['monitoringBase'];
      if (base !== 'All' && base !== 'FactoryDefault' && base !== 'HardWiredOnly') return status('NotSupported');
      // It has no monitors of the factory's: all but what is hard-wired are those that were set.
      if (base !== 'All') monitors.clear();
      return status('Accepted');
    },
    SetMonitoringLevel(payload) {
      const severity = whole(payload['severity']);
      if (severity === undefined) return malformed('severity is missing');
      if (severity < 0 || severity > 9) return status('Rejected');
      level = severity;
      return status('Accepted');
    },
    SetVariableMonitoring(payload) {
      const items = payload['setMonitoringData'];
      if (!Array.isArray(items) || items.length === 0) return malformed('setMonitoringData is empty');
      return { result: { setMonitoringResult: items.map((one: unknown) => set(record(one) ?? {})) } };
    },
    ClearVariableMonitoring(payload) {
      const ids = payload['id'];
      if (!Array.isArray(ids) || ids.length === 0) return malformed('id is empty');
      const clearMonitoringResult = ids.map((id: number) => {
        o.streams.close(id);
        return { id, status: monitors.delete(id) ? 'Accepted' : 'NotFound' };
      });
      return { result: { clearMonitoringResult } };
    },
    GetMonitoringReport(payload) {
      const requestId = whole(payload['requestId']);
      if (requestId === undefined) return malformed('requestId is missing');
      const criteria = payload['monitoringCriteria'];
      const wanted = payload['componentVariable'];
      const targets = Array.isArray(wanted)
        ? wanted.flatMap((one: unknown) => o.lookUp(record(one) ?? {}).found ?? [])
        : undefined;
      const all = [...monitors.values()].filter(
        (one) =>
          (targets === undefined || targets.includes(one.target)) &&
          (!Array.isArray(criteria) ||
            criteria.some(
              (kind) =>
                (kind === 'ThresholdMonitoring' && one.type.endsWith('Threshold')) ||
                (kind === 'DeltaMonitoring' && one.type === 'Delta') ||
                (kind === 'PeriodicMonitoring' && one.type.startsWith('Periodic')),
            )),
      );
      return answer(requestId, all);
    },
  };
};
