import type { Inbound } from '@plugga/kit';
import { numberOf, wordOf } from '@plugga/wire';
import { scheduleOf } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { stationOr } from './where.ts';

interface Payload {
  readonly evseId?: unknown;
  readonly timeBase?: unknown;
  readonly chargingSchedule?: unknown;
  readonly selectedChargingScheduleId?: unknown;
  readonly powerToleranceAcceptance?: unknown;
}

interface Reply {
  readonly status: 'Accepted' | 'Rejected';
  readonly statusInfo?: { readonly reasonCode: string; readonly additionalInfo?: string };
}

/** [2,"id","NotifyEVChargingSchedule",{"timeBase":"2026-01-05T12:00:00Z","evseId":1,"chargingSchedule":{…}}] */
export const notifyEvChargingSchedule = (wire: Wire2): Inbound<Payload, Reply> => ({
  request: wire.tolerant('NotifyEVChargingScheduleRequest', { kind: 'plain' }),
  response: wire.strict('NotifyEVChargingScheduleResponse'),
  read: ({ evseId, timeBase, chargingSchedule, selectedChargingScheduleId, powerToleranceAcceptance }) => {
    const schedule = scheduleOf(chargingSchedule);
    const selected = numberOf(selectedChargingScheduleId);
    if (schedule === undefined)
      return { facts: [{ kind: 'noted', topic: 'vehicleSchedule', data: { evse: evseId, chargingSchedule } }] };
    const told = {
      ...{ evse: stationOr(evseId), time: wordOf(timeBase), schedule },
      ...(selected !== undefined && { selected }),
    };
    return {
      facts: [
        {
          ...{ kind: 'vehicleSchedule', ...told },
          ...(typeof powerToleranceAcceptance === 'boolean' && { toleranceAccepted: powerToleranceAcceptance }),
        },
      ],
      ask: { question: 'vehicleSchedule', ...told },
    };
  },
  // Where nobody has planned Accepted says that it was processed, not that the schedule is approved.
  reply: ({ vehicleSchedule: { decision, reason } = {} }) =>
    decision === 'refuse'
      ? {
          status: 'Rejected',
          statusInfo: {
            reasonCode: 'AboveLimit',
            ...(reason !== undefined && { additionalInfo: reason.slice(0, 512) }),
          },
        }
      : { status: 'Accepted' },
});
