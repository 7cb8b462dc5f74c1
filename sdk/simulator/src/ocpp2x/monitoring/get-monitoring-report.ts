import { type Command, malformed, record, status, whole } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';
import { isNamed } from '../commands/provisioning.ts';
import type { Modelled } from '../device-model.ts';
import { isPeriodic, type Monitor } from './monitor.ts';
import type { Monitors } from './monitors.ts';

/** Variables in one part of a report. */
const PART = 10;

const kinds: Readonly<Record<string, (one: Monitor) => boolean>> = {
  ThresholdMonitoring: ({ type }) => type.endsWith('Threshold'),
  DeltaMonitoring: ({ type }) => type.includes('Delta'),
  PeriodicMonitoring: isPeriodic,
};

/** Block N, N02 and N03: the monitors that fit, told by NotifyMonitoringReport in parts. */
export const getMonitoringReport = (
  { hands, beside, protocol }: Context,
  o: { readonly model: readonly Modelled[]; readonly monitors: Monitors },
): Command => {
  const monitorOf = ({ id, transaction, value, type, severity, kind }: Monitor): Record<string, unknown> => ({
    ...{ id, transaction, value, type, severity },
    ...(protocol === 'ocpp2.1' ? { eventNotificationType: kind } : {}),
  });
  const tell = async (requestId: number, all: readonly Monitor[]): Promise<void> => {
    const targets = [...new Set(all.map((one) => one.target))];
    for (let from = 0, seqNo = 0; from < targets.length; from += PART, seqNo += 1) {
      const answer = await beside.call('NotifyMonitoringReport', {
        requestId,
        seqNo,
        generatedAt: hands.stamp(hands.now()),
        ...(from + PART < targets.length ? { tbc: true } : {}),
        monitor: targets.slice(from, from + PART).map((target) => ({
          component: target.component,
          variable: target.variable,
          variableMonitoring: all.filter((one) => one.target === target).map(monitorOf),
        })),
      });
      if (answer.kind === 'gone') return;
    }
  };
  return (payload) => {
    const requestId = whole(payload['requestId']);
    if (requestId === undefined) return malformed('requestId is missing');
    const { monitoringCriteria: criteria, componentVariable: wanted } = payload;
    const named = Array.isArray(wanted) ? wanted.map((one: unknown) => record(one) ?? {}) : undefined;
    const found = o.monitors
      .all()
      .filter(
        (one) =>
          (named === undefined || named.some((item) => isNamed(item, one.target))) &&
          (!Array.isArray(criteria) || criteria.some((kind) => kinds[String(kind)]?.(one) === true)),
      );
    return found.length === 0 ? status('EmptyResultSet') : status('Accepted', () => void tell(requestId, found));
  };
};
