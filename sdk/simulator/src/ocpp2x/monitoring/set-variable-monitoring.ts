import { type Command, malformed, record, whole } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';
import type { Look } from '../commands/provisioning.ts';
import type { Streams } from '../commands/streams.ts';
import { isMonitorType, isNumeric, isOfTarget, isPeriodic, type Monitor } from './monitor.ts';
import type { Monitors } from './monitors.ts';

type Given = Readonly<Record<string, unknown>>;

/** Block N, N04: each monitor is set or refused by itself. */
export const setVariableMonitoring = (
  { hands, protocol }: Context,
  o: { readonly lookUp: Look; readonly monitors: Monitors; readonly streams: Streams },
): Command => {
  const { monitors } = o;
  const judged = (item: Given): Monitor | string => {
    const { found, why } = o.lookUp(item);
    if (found === undefined) return why;
    const { type } = item;
    const [value, severity] = [item['value'], whole(item['severity'])];
    if (!isMonitorType(type) || found.mutability === 'WriteOnly') return 'UnsupportedMonitorType';
    if (type.endsWith('Threshold') && !isNumeric(found)) return 'UnsupportedMonitorType';
    // There must be a target to differ from.
    const aims = protocol === 'ocpp2.1' && isNumeric(found) && found.target !== undefined;
    if (isOfTarget({ type }) && !aims) return 'UnsupportedMonitorType';
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'Rejected';
    if (severity === undefined || severity < 0 || severity > 9) return 'Rejected';
    if (type.includes('Delta') && value < 0) return 'Rejected';
    if (isPeriodic({ type }) && value < 1) return 'Rejected';
    const { minLimit = -Infinity, maxLimit = Infinity } = found;
    if (type.endsWith('Threshold') && (value < minLimit || value > maxLimit)) return 'Rejected';
    const id = whole(item['id']);
    const before = id === undefined ? undefined : monitors.find(id);
    if (id !== undefined && (before === undefined || before.kind === 'HardWiredMonitor' || before.target !== found))
      return 'Rejected';
    const twin = monitors
      .all()
      .some((one) => one.id !== id && one.target === found && one.type === type && one.severity === severity);
    if (twin) return 'Duplicate';
    return {
      ...{ id: id ?? monitors.nextId(), target: found, type, value, severity, kind: 'CustomMonitor' },
      transaction: item['transaction'] === true,
      last: found.read(),
      beyond: false,
    };
  };
  const set = (item: Given): Given => {
    const { component, variable, type, severity } = item;
    const said = { component, variable, type, severity };
    const monitor = judged(item);
    if (typeof monitor === 'string') return { ...said, status: monitor };
    monitors.set(monitor);
    const stream = record(item['periodicEventStream']);
    if (stream !== undefined && isPeriodic(monitor)) o.streams.open(monitor.id, stream);
    return { ...said, status: 'Accepted', id: monitor.id };
  };

  return (payload) => {
    const items = payload['setMonitoringData'];
    if (!Array.isArray(items) || items.length === 0) return malformed('setMonitoringData is empty');
    if (items.length > hands.configuration.number('MonitoringCtrlr.ItemsPerMessage(SetVariableMonitoring)'))
      return { error: 'OccurrenceConstraintViolation', why: `${items.length} monitors are too many at once` };
    return { result: { setMonitoringResult: items.map((one: unknown) => set(record(one) ?? {})) } };
  };
};
