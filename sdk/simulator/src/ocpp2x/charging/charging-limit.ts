import type { Context } from '../commands/context.ts';

/** Block K, K11 to K14: what something beside the CSMS limits is told, with the schedule where the station is set so. */
export const chargingLimit = ({ hands, beside, protocol }: Context): void => {
  beside.watch((event) => {
    if (event.kind !== 'limited') return;
    const { source, watts, gridCritical, localGeneration } = event;
    // In 2.0.1 there is no word for what comes on top.
    if (localGeneration === true && protocol !== 'ocpp2.1') return;
    const evse = event.connector === 0 ? {} : { evseId: event.connector };
    if (watts === undefined) return beside.notify('ClearedChargingLimit', { chargingLimitSource: source, ...evse });
    const schedule = {
      id: 0,
      startSchedule: hands.stamp(hands.now()),
      chargingRateUnit: 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: watts }],
    };
    beside.notify('NotifyChargingLimit', {
      ...evse,
      chargingLimit: {
        chargingLimitSource: source,
        ...(gridCritical === undefined ? {} : { isGridCritical: gridCritical }),
        ...(localGeneration === undefined || protocol !== 'ocpp2.1' ? {} : { isLocalGeneration: localGeneration }),
      },
      ...(hands.configuration.on('SmartChargingCtrlr.NotifyChargingLimitWithSchedules')
        ? { chargingSchedule: [schedule] }
        : {}),
    });
  });
};
