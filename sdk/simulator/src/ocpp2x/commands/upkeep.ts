import { type Command, malformed, record, status, text, time, whole } from '../../ocpp16/command.ts';
import { certificateSigned } from '../../ocpp16/commands/certificate-signed.ts';
import { deleteCertificate } from '../../ocpp16/commands/delete-certificate.ts';
import { getLog } from '../../ocpp16/commands/get-log.ts';
import type { RootType } from '../../ocpp16/security/certificates.ts';
import type { Context } from './context.ts';

/** Certificate types of 2.x and what the store of the station calls them. */
const roots: Readonly<Record<string, RootType>> = {
  CSMSRootCertificate: 'CentralSystemRootCertificate',
  MORootCertificate: 'MORootCertificate',
  ManufacturerRootCertificate: 'ManufacturerRootCertificate',
  V2GRootCertificate: 'V2GRootCertificate',
};
const rootOf = (type: unknown): RootType | undefined =>
  typeof type === 'string' && Object.hasOwn(roots, type) ? roots[type] : undefined;

/** Blocks A, L and N: certificates, firmware and logs. */
export const upkeep2x = ({ hands, beside }: Context): Readonly<Record<string, Command>> => ({
  CertificateSigned: certificateSigned,
  DeleteCertificate: deleteCertificate,
  GetLog: getLog,
  async InstallCertificate(payload) {
    const [type, pem] = [rootOf(payload['certificateType']), text(payload['certificate'])];
    if (pem === undefined) return malformed('certificate is missing');
    if (type === undefined) return status('Rejected');
    return status(await hands.security.install(type, pem), hands.save);
  },
  async GetInstalledCertificateIds(payload) {
    const wanted = payload['certificateType'];
    const chain = [];
    for (const [certificateType, type] of Object.entries(roots)) {
      if (Array.isArray(wanted) && !wanted.includes(certificateType)) continue;
      const hashes = await hands.security.installed(type);
      chain.push(...hashes.map((certificateHashData) => ({ certificateType, certificateHashData })));
    }
    if (chain.length === 0) return status('NotFound');
    return { result: { status: 'Accepted', certificateHashDataChain: chain } };
  },
  async UpdateFirmware(payload) {
    const firmware = record(payload['firmware']);
    const [requestId, location] = [whole(payload['requestId']), text(firmware?.['location'])];
    const retrieveAt = time(firmware?.['retrieveDateTime']);
    if (requestId === undefined || location === undefined || retrieveAt === undefined)
      return malformed('requestId, firmware.location or firmware.retrieveDateTime is missing');
    const [certificate, signature] = [text(firmware?.['signingCertificate']), text(firmware?.['signature'])];
    if (certificate !== undefined && !(await hands.security.trustsSigner(certificate)))
      return status('InvalidCertificate');
    const update = hands.maintenance.update({
      location,
      retrieveAt,
      requestId,
      installAt: time(firmware?.['installDateTime']),
      retries: whole(payload['retries']),
      retrySeconds: whole(payload['retryInterval']),
      ...(certificate === undefined || signature === undefined
        ? {}
        : { signed: { requestId, certificate, signature } }),
    });
    return status(update.answer, update.begin);
  },
  PublishFirmware(payload) {
    const [requestId, location] = [whole(payload['requestId']), text(payload['location'])];
    if (requestId === undefined || location === undefined) return malformed('requestId or location is missing');
    const tell = async (): Promise<void> => {
      for (const step of ['Downloading', 'Downloaded', 'ChecksumVerified']) {
        await beside.call('PublishFirmwareStatusNotification', { status: step, requestId });
      }
      await beside.call('PublishFirmwareStatusNotification', { status: 'Published', requestId, location: [location] });
    };
    return status('Accepted', () => void tell());
  },
  UnpublishFirmware: () => status('Unpublished'),
});
