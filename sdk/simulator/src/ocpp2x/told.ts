import type { Told } from '../dialect.ts';
import type { MeterValue } from '../ocpp16/samples.ts';
import type { Status } from '../ocpp16/connector.ts';
import { meterValue2x } from './meter-value.ts';
import type { Speech } from './speech.ts';

type Payload = Record<string, unknown>;

/** What the works tell, each message as OCPP 2.x writes it; what is missing is the same in both. */
export const toldBy = (speech: Speech, why: () => string): Readonly<Record<string, (told: Told) => Payload>> => ({
  Authorize: ({ idTag, ...shown }) => ({ idToken: speech.idToken(String(idTag)), ...shown }),
  BootNotification: (about) => ({
    reason: why(),
    chargingStation: {
      vendorName: about['chargePointVendor'],
      model: about['chargePointModel'],
      ...(about['chargePointSerialNumber'] === undefined ? {} : { serialNumber: about['chargePointSerialNumber'] }),
      ...(about['firmwareVersion'] === undefined ? {} : { firmwareVersion: about['firmwareVersion'] }),
    },
  }),
  MeterValues: ({ connectorId, meterValue }) => ({
    evseId: connectorId,
    meterValue: (meterValue as readonly MeterValue[]).map((one) => meterValue2x(one, 0)),
  }),
  SignCertificate: ({ csr }) => ({ csr, certificateType: 'ChargingStationCertificate' }),
  StatusNotification: ({ connectorId, status, timestamp }) => ({
    timestamp,
    connectorStatus: speech.connectorStatus(status as Status),
    evseId: connectorId,
    // 0 is the station itself, which some tell of.
    connectorId: connectorId === 0 ? 0 : 1,
  }),
});
