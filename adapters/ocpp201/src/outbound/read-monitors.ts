import type { CommandTable, Outbound } from '@plugga/kit';
import { refuse, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { componentOf } from '../variable-name.ts';
import { reportBegun } from './report-begun.ts';

const CRITERIA = {
  threshold: 'ThresholdMonitoring',
  delta: 'DeltaMonitoring',
  periodic: 'PeriodicMonitoring',
} as const;

/** `EmptyResultSet` is a station that has none of those. [2,"id","GetMonitoringReport",{"requestId":7,"monitoringCriteria":["ThresholdMonitoring"]}] */
export const readMonitors = (wire: Wire2): Outbound<CommandTable['readMonitors']> => ({
  start: ({ names = [], criteria = [], request }) => {
    const asked = names.map((name) => [name, componentOf(name)] as const);
    const wrong = asked.find(([, it]) => it === undefined);
    if (wrong !== undefined) return refuse(`"${wrong[0]}" names no component and no variable`);
    return wire.send(
      'GetMonitoringReport',
      {
        requestId: request,
        ...(asked.length > 0 && { componentVariable: asked.map(([, it]) => it) }),
        ...(criteria.length > 0 && { monitoringCriteria: criteria.map((it) => CRITERIA[it]) }),
      },
      undefined,
    );
  },
  next: (_, answer) => ({
    done: resultOf(answer, (payload) =>
      payload['status'] === 'EmptyResultSet'
        ? { status: 'accepted', detail: 'EmptyResultSet', allMonitors: [] }
        : reportBegun(payload),
    ),
  }),
});
