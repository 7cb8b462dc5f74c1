import { type Command, malformed, status, whole } from '../command.ts';

export const getCompositeSchedule: Command = (payload, hands) => {
  const [connectorId, duration] = [whole(payload['connectorId']), whole(payload['duration'])];
  if (connectorId === undefined || duration === undefined || duration < 0)
    return malformed('connectorId or duration is missing');
  const unit = payload['chargingRateUnit'];
  if (unit !== undefined && unit !== 'A' && unit !== 'W') return malformed('chargingRateUnit is neither A nor W');
  const chargingSchedule = hands.charging.composite(connectorId, duration, unit);
  if (chargingSchedule === undefined) return status('Rejected');
  const { startSchedule } = chargingSchedule;
  return { result: { status: 'Accepted', connectorId, scheduleStart: startSchedule, chargingSchedule } };
};
