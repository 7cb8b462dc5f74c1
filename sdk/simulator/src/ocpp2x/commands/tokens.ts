import { accepted, type Command, malformed, record, status, text, time, whole } from '../../ocpp16/command.ts';
import { reserveNow } from '../../ocpp16/commands/reserve-now.ts';
import type { Context } from './context.ts';

/** Blocks D and H: the local list and reservations. */
export const tokens = ({ hands, speech }: Context): Readonly<Record<string, Command>> => ({
  GetLocalListVersion: () => ({ result: { versionNumber: Math.max(0, hands.localList.version()) } }),
  SendLocalList(payload) {
    const [listVersion, { updateType }] = [whole(payload['versionNumber']), payload];
    if (listVersion === undefined) return malformed('versionNumber is missing');
    if (updateType !== 'Full' && updateType !== 'Differential') return malformed('updateType is unknown');
    const given = payload['localAuthorizationList'];
    const localAuthorizationList = (Array.isArray(given) ? given : []).map((one: unknown) => {
      const info = speech.tokenInfo(record(one)?.['idTokenInfo']);
      const idTag = record(record(one)?.['idToken'])?.['idToken'];
      return { idTag, ...(info === undefined ? {} : { idTagInfo: info }) };
    });
    const answer = hands.localList.send({ listVersion, updateType, localAuthorizationList });
    return status(answer === 'NotSupported' ? 'Failed' : answer, hands.save);
  },
  ReserveNow(payload, own) {
    const [id, token] = [whole(payload['id']), record(payload['idToken'])];
    const [idTag, type] = [text(token?.['idToken']), text(token?.['type'])];
    if (id === undefined || idTag === undefined || type === undefined || time(payload['expiryDateTime']) === undefined)
      return malformed('id, idToken or expiryDateTime is missing');
    speech.knowType(idTag, type);
    const parentIdTag = text(record(payload['groupIdToken'])?.['idToken']);
    return reserveNow(
      {
        connectorId: whole(payload['evseId']) ?? 0,
        reservationId: id,
        idTag,
        expiryDate: payload['expiryDateTime'],
        ...(parentIdTag === undefined ? {} : { parentIdTag }),
      },
      own,
    );
  },
  CancelReservation(payload) {
    const id = whole(payload['reservationId']);
    if (id === undefined) return malformed('reservationId is missing');
    return hands.reservations.cancel(id) === undefined ? status('Rejected') : accepted(() => hands.reserved());
  },
});
