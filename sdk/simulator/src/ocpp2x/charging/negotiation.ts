import { record, text, time } from '../../ocpp16/command.ts';
import type { Connector } from '../../ocpp16/connector.ts';
import type { Vehicle } from '../../physics/vehicle.ts';
import type { Context } from '../commands/context.ts';
import { evChargingNeeds } from './ev-charging-needs.ts';
import { chosenBy, evSchedule } from './ev-schedule.ts';

type Given = Readonly<Record<string, unknown>>;

/** What a car of ISO 15118 and the CSMS make out between them (part 2, K15 to K17). */
export interface Negotiation {
  /** The schedule that the car at that EVSE takes: the first where none speaks ISO 15118. */
  choose(evseId: number, profile: unknown): number;
  /** The profile is installed: the car tells what it will take. */
  installed(evseId: number, profile: unknown, index: number): void;
}

/** So long a CSMS that has taken the needs may need for a schedule (part 2, K15). */
const SCHEDULE_MS = 60_000;
/** Without a departure a car plans for a day. */
const DAY_SECONDS = 86_400;

const schedulesOf = (profile: unknown): readonly Given[] => {
  const given = record(profile)?.['chargingSchedule'];
  return (Array.isArray(given) ? given : []).map((one: unknown) => record(one) ?? {});
};

/** A car asks once it is authorised, as its side of ISO 15118 does, and again in each transaction. */
export const negotiation = ({ hands, beside, options, protocol }: Context): Negotiation => {
  const dc = (options.maxPowerW ?? 11_000) > 43_470;
  const at = (evseId: number): { connector: Connector; vehicle: Vehicle } | undefined => {
    const connector = hands.connectors.find((one) => one.number === evseId);
    const vehicle = connector?.outlet.vehicle();
    return connector?.running === undefined || vehicle?.iso15118 === undefined ? undefined : { connector, vehicle };
  };
  const waiting = new Map<number, () => void>();
  const forget = (connector: Connector): void => {
    waiting.get(connector.number)?.();
    waiting.delete(connector.number);
  };
  const goOn = (connector: Connector): void => {
    forget(connector);
    connector.outlet.advance(hands.now());
    connector.outlet.wait(false);
  };
  /** The car takes nothing for so long, or until it is told to go on. */
  const waits = (connector: Connector, milliseconds: number): void => {
    forget(connector);
    connector.outlet.wait(true);
    const cancel = beside.every(milliseconds, () => goOn(connector));
    waiting.set(connector.number, cancel);
  };
  const ask = (connector: Connector, needs: Given): void => {
    waits(connector, SCHEDULE_MS);
    beside.notify('NotifyEVChargingNeeds', needs, (answer) => {
      const taken = answer.kind === 'result' && ['Accepted', 'Processing'].includes(String(answer.payload['status']));
      if (!taken && waiting.has(connector.number)) goOn(connector);
    });
  };
  beside.watch((event) => {
    if (event.kind === 'stopped' || event.kind === 'unplugged') {
      const number = event.kind === 'stopped' ? event.entry.connector : event.connector;
      const connector = hands.connectors.find((one) => one.number === number);
      if (connector !== undefined && waiting.has(number)) goOn(connector);
    }
    if (event.kind !== 'started') return;
    const { connector, vehicle } = at(event.entry.connector) ?? {};
    if (connector === undefined || vehicle === undefined) return;
    const needs = evChargingNeeds({
      vehicle,
      soc: connector.outlet.soc() ?? 0,
      evseId: connector.number,
      dc,
      now: hands.now(),
      maxTuples: hands.configuration.number('SmartChargingCtrlr.PeriodsPerSchedule'),
      stamp: hands.stamp,
      protocol,
    });
    if (needs !== undefined) ask(connector, needs);
  });
  return {
    choose(evseId, profile) {
      const here = at(evseId);
      const schedules = schedulesOf(profile);
      if (here === undefined || schedules.length < 2) return 0;
      const { outlet } = here.connector;
      const { energyWh, leavesInMinutes } = here.vehicle.iso15118 ?? {};
      return chosenBy(here.vehicle, schedules, {
        wantsWh: energyWh ?? (1 - (outlet.soc() ?? 0)) * here.vehicle.batteryWh,
        seconds: leavesInMinutes === undefined ? DAY_SECONDS : leavesInMinutes * 60,
      });
    },
    installed(evseId, profile, index) {
      const here = at(evseId);
      const schedule = schedulesOf(profile)[index];
      if (here === undefined || schedule === undefined) return;
      if (record(profile)?.['chargingProfilePurpose'] !== 'TxProfile') return;
      const begins = time(schedule['startSchedule']) ?? hands.now();
      if (begins > hands.now()) waits(here.connector, begins - hands.now());
      else goOn(here.connector);
      beside.notify('NotifyEVChargingSchedule', {
        timeBase: text(schedule['startSchedule']) ?? hands.stamp(hands.now()),
        evseId,
        chargingSchedule: evSchedule(schedule, here.vehicle),
        ...(protocol === 'ocpp2.1' ? { selectedChargingScheduleId: schedule['id'] } : {}),
      });
    },
  };
};
