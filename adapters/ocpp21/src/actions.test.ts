import * as schemas21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { describe, expect, test } from 'vitest';
import { ocpp21 } from './index.ts';

/** What a station sends, by OCPP 2.0.1 Part 2; DataTransfer goes both ways. */
const FROM_201 = [
  ...['Authorize', 'BootNotification', 'ClearedChargingLimit', 'DataTransfer', 'FirmwareStatusNotification'],
  ...['Get15118EVCertificate', 'GetCertificateStatus', 'Heartbeat', 'LogStatusNotification', 'MeterValues'],
  ...['NotifyChargingLimit', 'NotifyCustomerInformation', 'NotifyDisplayMessages', 'NotifyEVChargingNeeds'],
  ...['NotifyEVChargingSchedule', 'NotifyEvent', 'NotifyMonitoringReport', 'NotifyReport'],
  ...['PublishFirmwareStatusNotification', 'ReportChargingProfiles', 'ReservationStatusUpdate'],
  ...['SecurityEventNotification', 'SignCertificate', 'StatusNotification', 'TransactionEvent'],
];
const FROM_21 = [
  ...FROM_201,
  ...['BatterySwap', 'ClosePeriodicEventStream', 'GetCertificateChainStatus', 'NotifyDERAlarm', 'NotifyDERStartStop'],
  ...['NotifyPeriodicEventStream', 'NotifyPriorityCharging', 'NotifySettlement', 'OpenPeriodicEventStream'],
  ...['PullDynamicScheduleUpdate', 'ReportDERControl', 'VatNumberValidation'],
];

/** A SEND has no request and response, but the one schema. */
const actionsOf = (schemas: object): readonly string[] =>
  Object.keys(schemas)
    .filter((name) => !name.endsWith('Response'))
    .map((name) => name.replace(/Request$/, ''))
    .toSorted();

describe.each([['2.1', ocpp21, FROM_21, actionsOf(schemas21), 91]] as const)(
  'OCPP %s',
  (_, adapter, fromStation, actions, count) => {
    const toStation = actions.filter((name) => !fromStation.includes(name));

    test(`has ${count} actions`, () => {
      expect(actions).toHaveLength(count);
      expect(fromStation.filter((name) => !actions.includes(name))).toEqual([]);
    });
    test('hears nothing that stations do not send', () => {
      expect(Object.keys(adapter.inbound).filter((name) => !fromStation.includes(name))).toEqual([]);
    });
    test('knows every action that only goes to the station, and no other', () => {
      expect([...adapter.known].toSorted()).toEqual(toStation);
    });
  },
);
