import type { Adapter } from '@plugga/kit';
import { getLog } from '@plugga/wire';
import { capabilities } from './capabilities.ts';
import { authorize } from './inbound/authorize.ts';
import { bootNotification } from './inbound/boot-notification.ts';
import { clearedChargingLimit } from './inbound/cleared-charging-limit.ts';
import { dataTransfer } from './inbound/data-transfer.ts';
import { firmwareStatusNotification } from './inbound/firmware-status-notification.ts';
import { get15118EvCertificate } from './inbound/get-15118-ev-certificate.ts';
import { getCertificateStatus } from './inbound/get-certificate-status.ts';
import { heartbeat } from './inbound/heartbeat.ts';
import { logStatusNotification } from './inbound/log-status-notification.ts';
import { meterValues } from './inbound/meter-values.ts';
import { notifyChargingLimit } from './inbound/notify-charging-limit.ts';
import { notifyCustomerInformation } from './inbound/notify-customer-information.ts';
import { notifyDisplayMessages } from './inbound/notify-display-messages.ts';
import { notifyEvChargingNeeds } from './inbound/notify-ev-charging-needs.ts';
import { notifyEvChargingSchedule } from './inbound/notify-ev-charging-schedule.ts';
import { publishFirmwareStatusNotification } from './inbound/publish-firmware-status-notification.ts';
import { reportChargingProfiles } from './inbound/report-charging-profiles.ts';
import { availability } from './outbound/availability.ts';
import { baseReport } from './outbound/base-report.ts';
import { cancelReservation } from './outbound/cancel-reservation.ts';
import { certificateSigned, deleteCertificate, installCertificate, listCertificates } from './outbound/certificates.ts';
import { notifyEvent } from './inbound/notify-event.ts';
import { notifyMonitoringReport } from './inbound/notify-monitoring-report.ts';
import { notifyReport } from './inbound/notify-report.ts';
import { reservationStatusUpdate } from './inbound/reservation-status-update.ts';
import { securityEventNotification } from './inbound/security-event-notification.ts';
import { signCertificate } from './inbound/sign-certificate.ts';
import { statusNotification } from './inbound/status-notification.ts';
import { transactionEvent } from './inbound/transaction-event.ts';
import { clearCache } from './outbound/clear-cache.ts';
import { clearMonitors } from './outbound/clear-monitors.ts';
import { clearProfile } from './outbound/clear-profile.ts';
import { compositeSchedule } from './outbound/composite-schedule.ts';
import { dataTransfer as dataTransferOut } from './outbound/data-transfer.ts';
import { clearDisplayMessage, readDisplayMessages, setDisplayMessage } from './outbound/display-messages.ts';
import { eraseCustomer, readCustomer } from './outbound/customer-information.ts';
import { getDiagnostics } from './outbound/get-diagnostics.ts';
import { limit } from './outbound/limit.ts';
import { publishFirmware, unpublishFirmware } from './outbound/publish-firmware.ts';
import { readLocalList, writeLocalList } from './outbound/local-list.ts';
import { readMonitors } from './outbound/read-monitors.ts';
import { readProfiles } from './outbound/read-profiles.ts';
import { readVariables } from './outbound/read-variables.ts';
import { reserve } from './outbound/reserve.ts';
import { rotateKey } from './outbound/credentials.ts';
import { reset } from './outbound/reset.ts';
import { setMonitoringBase } from './outbound/set-monitoring-base.ts';
import { setMonitoringLevel } from './outbound/set-monitoring-level.ts';
import { setMonitors } from './outbound/set-monitors.ts';
import { setNetworkProfile } from './outbound/set-network-profile.ts';
import { setProfile } from './outbound/set-profile.ts';
import { start } from './outbound/start.ts';
import { stop } from './outbound/stop.ts';
import { tellCost } from './outbound/tell-cost.ts';
import { transactionStatus } from './outbound/transaction-status.ts';
import { trigger } from './outbound/trigger.ts';
import { unlock } from './outbound/unlock.ts';
import { updateFirmware } from './outbound/update-firmware.ts';
import { variableReport } from './outbound/variable-report.ts';
import { writeVariables } from './outbound/write-variables.ts';
import type { Wire2 } from './schema.ts';
import { attributeOf, nameOf } from './variable-name.ts';

/** What 2.0.1 and 2.1 have in common, in the schemas of either. One line a message, alphabetical. */
export const ocpp2 = (wire: Wire2): Adapter => ({
  protocol: 'ocpp2.0.1',
  errors: { formation: 'FormatViolation', occurrence: 'OccurrenceConstraintViolation' },
  inbound: {
    Authorize: authorize(wire),
    BootNotification: bootNotification(wire),
    ClearedChargingLimit: clearedChargingLimit(wire),
    DataTransfer: dataTransfer(wire),
    FirmwareStatusNotification: firmwareStatusNotification(wire),
    Get15118EVCertificate: get15118EvCertificate(wire),
    GetCertificateStatus: getCertificateStatus(wire),
    Heartbeat: heartbeat(wire),
    LogStatusNotification: logStatusNotification(wire),
    MeterValues: meterValues(wire),
    NotifyChargingLimit: notifyChargingLimit(wire),
    NotifyCustomerInformation: notifyCustomerInformation(wire),
    NotifyDisplayMessages: notifyDisplayMessages(wire),
    NotifyEVChargingNeeds: notifyEvChargingNeeds(wire),
    NotifyEVChargingSchedule: notifyEvChargingSchedule(wire),
    NotifyEvent: notifyEvent(wire),
    NotifyMonitoringReport: notifyMonitoringReport(wire),
    NotifyReport: notifyReport(wire),
    PublishFirmwareStatusNotification: publishFirmwareStatusNotification(wire),
    ReportChargingProfiles: reportChargingProfiles(wire),
    ReservationStatusUpdate: reservationStatusUpdate(wire),
    SecurityEventNotification: securityEventNotification(wire),
    SignCertificate: signCertificate(wire),
    StatusNotification: statusNotification(wire),
    TransactionEvent: transactionEvent(wire),
  },
  outbound: {
    availability: availability(wire),
    baseReport: baseReport(wire),
    cancelReservation: cancelReservation(wire),
    certificateSigned: certificateSigned(wire),
    clearCache: clearCache(wire),
    clearDisplayMessage: clearDisplayMessage(wire),
    clearMonitors: clearMonitors(wire),
    clearProfile: clearProfile(wire),
    compositeSchedule: compositeSchedule(wire),
    dataTransfer: dataTransferOut(wire),
    deleteCertificate: deleteCertificate(wire),
    eraseCustomer: eraseCustomer(wire),
    getDiagnostics: getDiagnostics(wire),
    getLog: getLog(wire),
    installCertificate: installCertificate(wire),
    limit: limit(wire),
    listCertificates: listCertificates(wire),
    publishFirmware: publishFirmware(wire),
    readDisplayMessages: readDisplayMessages(wire),
    readLocalList: readLocalList(wire),
    readCustomer: readCustomer(wire),
    readMonitors: readMonitors(wire),
    readProfiles: readProfiles(wire),
    readVariables: readVariables(wire),
    reserve: reserve(wire),
    reset: reset(wire),
    rotateKey: rotateKey(wire),
    setDisplayMessage: setDisplayMessage(wire),
    setMonitoringBase: setMonitoringBase(wire),
    setMonitoringLevel: setMonitoringLevel(wire),
    setMonitors: setMonitors(wire),
    setNetworkProfile: setNetworkProfile(wire),
    setProfile: setProfile(wire),
    start: start(wire),
    stop: stop(wire),
    tellCost: tellCost(wire),
    transactionStatus: transactionStatus(wire),
    trigger: trigger(wire),
    unlock: unlock(wire),
    unpublishFirmware: unpublishFirmware(wire),
    updateFirmware: updateFirmware(wire),
    variableReport: variableReport(wire),
    writeLocalList: writeLocalList(wire),
    writeVariables: writeVariables(wire),
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
  capabilities,
  settingName: (name) => {
    const attribute = attributeOf(name);
    return attribute === undefined ? undefined : nameOf(attribute);
  },
  warm: wire.warm,
});
