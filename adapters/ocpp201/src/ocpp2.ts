import type { Adapter } from '@plugga/kit';
import { heartbeat } from './inbound/heartbeat.ts';
import { clearCache } from './outbound/clear-cache.ts';
import type { Wire2 } from './schema.ts';

/** What 2.0.1 and 2.1 have in common, in the schemas of either. One line a message, alphabetical. */
export const ocpp2 = (wire: Wire2): Adapter => ({
  protocol: 'ocpp2.0.1',
  errors: { formation: 'FormatViolation', occurrence: 'OccurrenceConstraintViolation' },
  inbound: {
    Heartbeat: heartbeat(wire),
  },
  outbound: {
    clearCache: clearCache(wire),
  },
  known: [
    // Only ever to the station.
    'CancelReservation',
    'CertificateSigned',
    'ChangeAvailability',
    'ClearCache',
    'ClearChargingProfile',
    'ClearDisplayMessage',
    'ClearVariableMonitoring',
    'CostUpdated',
    'CustomerInformation',
    'DeleteCertificate',
    'GetBaseReport',
    'GetChargingProfiles',
    'GetCompositeSchedule',
    'GetDisplayMessages',
    'GetInstalledCertificateIds',
    'GetLocalListVersion',
    'GetLog',
    'GetMonitoringReport',
    'GetReport',
    'GetTransactionStatus',
    'GetVariables',
    'InstallCertificate',
    'PublishFirmware',
    'RequestStartTransaction',
    'RequestStopTransaction',
    'ReserveNow',
    'Reset',
    'SendLocalList',
    'SetChargingProfile',
    'SetDisplayMessage',
    'SetMonitoringBase',
    'SetMonitoringLevel',
    'SetNetworkProfile',
    'SetVariableMonitoring',
    'SetVariables',
    'TriggerMessage',
    'UnlockConnector',
    'UnpublishFirmware',
    'UpdateFirmware',
  ],
  warm: wire.warm,
});
