import type { Context } from '../commands/context.ts';

/** Block K, K11 to K14: what something beside the CSMS limits is told, with the schedule where the station is set so. */
export const chargingLimit = ({ hands, beside }: Context): void => {
  beside.watch((event) => {
    if (event.kind !== 'limited') return;
    const { source, watts, gridCritical } = event;
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
      },
      ...(hands.configuration.on('SmartChargingCtrlr.NotifyChargingLimitWithSchedules')
        ? { chargingSchedule: [schedule] }
        : {}),
    });
  });
};
