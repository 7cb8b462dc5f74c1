import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { refuse, resultOf, superseding } from '@plugga/wire';
import { send } from '../schema.ts';

type Update = CommandTable['updateFirmware'];

const attempts = ({ retries, retrySeconds }: Update) => ({
  ...(retries !== undefined && { retries }),
  ...(retrySeconds !== undefined && { retryInterval: retrySeconds }),
});

const read = superseding({
  Accepted: 'accepted',
  Rejected: 'rejected',
  InvalidCertificate: 'rejected',
  RevokedCertificate: 'rejected',
});

/** UpdateFirmware, which has nothing but an empty answer; SignedUpdateFirmware where the image is signed. */
export const updateFirmware: Outbound<Update> = {
  start: (wanted) => {
    const { url, request, retrieveAt, installAt, signature, certificate } = wanted;
    if ((signature === undefined) !== (certificate === undefined))
      return refuse('a signed update has a signature and the certificate that it is made with');
    if (signature === undefined || certificate === undefined) {
      if (installAt !== undefined) return refuse('OCPP 1.6 installs an unsigned update as soon as it is there');
      return send('UpdateFirmware', { location: url, retrieveDate: retrieveAt, ...attempts(wanted) }, 'plain');
    }
    const firmware = {
      location: url,
      retrieveDateTime: retrieveAt,
      ...(installAt !== undefined && { installDateTime: installAt }),
      signingCertificate: certificate,
      signature,
    };
    return send('SignedUpdateFirmware', { requestId: request, ...attempts(wanted), firmware }, 'signed');
  },
  next: (state, answer) => ({
    done: resultOf(answer, (payload): CommandResult => (state === 'plain' ? { status: 'accepted' } : read(payload))),
  }),
};
