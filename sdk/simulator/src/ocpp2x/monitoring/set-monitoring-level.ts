import { type Command, malformed, status, whole } from '../../ocpp16/command.ts';
import type { Events } from './events.ts';

/** Block N: how urgent an event must be to be told. */
export const setMonitoringLevel =
  (events: Events): Command =>
  (payload) => {
    const severity = whole(payload['severity']);
    if (severity === undefined) return malformed('severity is missing');
    if (severity < 0 || severity > 9) return status('Rejected');
    events.level(severity);
    return status('Accepted');
  };
