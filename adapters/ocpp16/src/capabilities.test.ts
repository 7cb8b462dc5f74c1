import type { StationView } from '@plugga/kit';
import { expect, test } from 'vitest';
import { capabilities } from './capabilities.ts';

const told = (keys: Readonly<Record<string, string>>): object =>
  JSON.parse(JSON.stringify(capabilities({ variable: (name: string) => keys[name] } as unknown as StationView)));

test('what a station has told of itself is what it can do', () => {
  expect(
    told({
      SupportedFeatureProfiles: 'Core, FirmwareManagement ,SmartCharging',
      NumberOfConnectors: '2',
      ChargingScheduleAllowedChargingRateUnit: 'Current,Power',
      ChargeProfileMaxStackLevel: '8',
      GetConfigurationMaxKeys: ' 40 ',
      ReserveConnectorZeroSupported: 'False',
    }),
  ).toEqual({
    profiles: ['Core', 'FirmwareManagement', 'SmartCharging'],
    evses: 2,
    chargingRateUnits: ['A', 'W'],
    maxStackLevel: 8,
    variablesPerRead: 40,
    reservesWholeStation: false,
  });
});

test('what it has not told, or told so that nobody understands it, is not known', () => {
  expect(told({})).toEqual({});
  expect(
    told({
      SupportedFeatureProfiles: ' , ',
      NumberOfConnectors: 'many',
      ChargeProfileMaxStackLevel: '-1',
      ChargingScheduleAllowedChargingRateUnit: 'Joule',
      ReserveConnectorZeroSupported: 'perhaps',
    }),
  ).toEqual({});
});
