import { capabilities } from './capabilities.ts';
import type { Adapter } from '@plugga/kit';
import { keyOfVariable } from '@plugga/wire';
import { warm } from './schema.ts';
import { authorize } from './inbound/authorize.ts';
import { bootNotification } from './inbound/boot-notification.ts';
import { dataTransfer } from './inbound/data-transfer.ts';
import { diagnosticsStatusNotification } from './inbound/diagnostics-status-notification.ts';
import { firmwareStatusNotification } from './inbound/firmware-status-notification.ts';
import { heartbeat } from './inbound/heartbeat.ts';
import { logStatusNotification } from './inbound/log-status-notification.ts';
import { meterValues } from './inbound/meter-values.ts';
import { securityEventNotification } from './inbound/security-event-notification.ts';
import { signCertificate } from './inbound/sign-certificate.ts';
import { signedFirmwareStatusNotification } from './inbound/signed-firmware-status-notification.ts';
import { startTransaction } from './inbound/start-transaction.ts';
import { statusNotification } from './inbound/status-notification.ts';
import { stopTransaction } from './inbound/stop-transaction.ts';
import { availability } from './outbound/availability.ts';
import { cancelReservation } from './outbound/cancel-reservation.ts';
import { certificateSigned, deleteCertificate, installCertificate, listCertificates } from './outbound/certificates.ts';
import { clearCache } from './outbound/clear-cache.ts';
import { clearProfile } from './outbound/clear-profile.ts';
import { compositeSchedule } from './outbound/composite-schedule.ts';
import { raiseProfile, rotateKey } from './outbound/credentials.ts';
import { dataTransfer as dataTransferOut } from './outbound/data-transfer.ts';
import { getDiagnostics } from './outbound/get-diagnostics.ts';
import { getLog } from './outbound/get-log.ts';
import { limit } from './outbound/limit.ts';
import { readLocalList, writeLocalList } from './outbound/local-list.ts';
import { readVariables } from './outbound/read-variables.ts';
import { reserve } from './outbound/reserve.ts';
import { reset } from './outbound/reset.ts';
import { setProfile } from './outbound/set-profile.ts';
import { start } from './outbound/start.ts';
import { stop } from './outbound/stop.ts';
import { trigger } from './outbound/trigger.ts';
import { unlock } from './outbound/unlock.ts';
import { updateFirmware } from './outbound/update-firmware.ts';
import { writeVariables } from './outbound/write-variables.ts';

/** OCPP 1.6-J. One line a message: what is not here, the station is told we do not do. */
export const ocpp16: Adapter = {
  protocol: 'ocpp1.6',
  errors: { formation: 'FormationViolation', occurrence: 'OccurenceConstraintViolation' },
  inbound: {
    Authorize: authorize,
    BootNotification: bootNotification,
    DataTransfer: dataTransfer,
    DiagnosticsStatusNotification: diagnosticsStatusNotification,
    FirmwareStatusNotification: firmwareStatusNotification,
    Heartbeat: heartbeat,
    LogStatusNotification: logStatusNotification,
    MeterValues: meterValues,
    SecurityEventNotification: securityEventNotification,
    SignCertificate: signCertificate,
    SignedFirmwareStatusNotification: signedFirmwareStatusNotification,
    StartTransaction: startTransaction,
    StatusNotification: statusNotification,
    StopTransaction: stopTransaction,
  },
  outbound: {
    availability,
    cancelReservation,
    certificateSigned,
    clearCache,
    clearProfile,
    compositeSchedule,
    dataTransfer: dataTransferOut,
    deleteCertificate,
    getDiagnostics,
    getLog,
    installCertificate,
    limit,
    raiseProfile,
    rotateKey,
    listCertificates,
    readLocalList,
    readVariables,
    reserve,
    reset,
    setProfile,
    start,
    stop,
    trigger,
    unlock,
    updateFirmware,
    writeLocalList,
    writeVariables,
  },
  known: [
    // Only ever to the station.
    'CancelReservation',
    'CertificateSigned',
    'ChangeAvailability',
    'ChangeConfiguration',
    'ClearCache',
    'ClearChargingProfile',
    'DeleteCertificate',
    'ExtendedTriggerMessage',
    'GetCompositeSchedule',
    'GetConfiguration',
    'GetDiagnostics',
    'GetInstalledCertificateIds',
    'GetLocalListVersion',
    'GetLog',
    'InstallCertificate',
    'RemoteStartTransaction',
    'RemoteStopTransaction',
    'ReserveNow',
    'Reset',
    'SendLocalList',
    'SetChargingProfile',
    'SignedUpdateFirmware',
    'TriggerMessage',
    'UnlockConnector',
    'UpdateFirmware',
  ],
  capabilities,
  // A key of a vendor may have a slash in it: it is told for 1.6 alone.
  settingName: (name) => (name.includes('/') ? keyOfVariable(name) : name),
  warm,
};
