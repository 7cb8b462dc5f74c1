import type { Command } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';
import type { Look } from '../commands/provisioning.ts';
import type { Streams } from '../commands/streams.ts';
import type { Modelled } from '../device-model.ts';
import { clearVariableMonitoring } from './clear-variable-monitoring.ts';
import { events } from './events.ts';
import { getMonitoringReport } from './get-monitoring-report.ts';
import { monitors } from './monitors.ts';
import { setMonitoringBase } from './set-monitoring-base.ts';
import { setMonitoringLevel } from './set-monitoring-level.ts';
import { setVariableMonitoring } from './set-variable-monitoring.ts';

/** Block N: monitors on variables, and the events that they give. */
export const monitoring = (
  context: Context,
  o: { readonly lookUp: Look; readonly model: readonly Modelled[]; readonly streams: Streams },
): Readonly<Record<string, Command>> => {
  const told = events(context);
  const set = monitors(context, { ...o, events: told });
  return {
    ClearVariableMonitoring: clearVariableMonitoring(set),
    GetMonitoringReport: getMonitoringReport(context, { ...o, monitors: set }),
    SetMonitoringBase: setMonitoringBase(set),
    SetMonitoringLevel: setMonitoringLevel(told),
    SetVariableMonitoring: setVariableMonitoring(context, { ...o, monitors: set }),
  };
};
