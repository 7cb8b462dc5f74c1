import { type Command, malformed } from '../../ocpp16/command.ts';
import type { Monitors } from './monitors.ts';

/** Block N, N06: what is hard-wired stays. */
export const clearVariableMonitoring =
  (monitors: Monitors): Command =>
  (payload) => {
    const ids = payload['id'];
    if (!Array.isArray(ids) || ids.length === 0) return malformed('id is empty');
    const cleared = (id: number): string => {
      const found = monitors.find(id);
      if (found === undefined) return 'NotFound';
      if (found.kind === 'HardWiredMonitor') return 'Rejected';
      monitors.clear(id);
      return 'Accepted';
    };
    return { result: { clearMonitoringResult: ids.map((id: number) => ({ id, status: cleared(id) })) } };
  };
