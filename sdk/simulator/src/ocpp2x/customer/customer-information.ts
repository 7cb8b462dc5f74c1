import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';

/** Most characters of one part (NotifyCustomerInformation.data). */
const PART = 512;

/** Block N, N09 and N10: what the station knows of a driver is read, in parts, and forgotten. */
export const customerInformation = ({ hands, beside }: Context): Command => {
  /** Whose past transactions are told no more. */
  const erased = new Map<string, number>();

  const known = (idTag: string): string => {
    const token = hands.authorizer.known(idTag);
    const transactions = beside.ledger
      .slice(erased.get(idTag) ?? 0)
      .filter((one) => one.idTag === idTag)
      .map(({ transactionId, connector, startedAt, stoppedAt, meterStartWh, meterStopWh }) => ({
        ...{ transactionId, evse: connector, startedAt: hands.stamp(startedAt) },
        ...(stoppedAt === undefined ? {} : { stoppedAt: hands.stamp(stoppedAt) }),
        ...{ meterStartWh, meterStopWh },
      }));
    if (token === undefined && transactions.length === 0) return '';
    return JSON.stringify({
      idToken: idTag,
      ...token,
      ...(transactions.length === 0 ? {} : { transactions }),
    });
  };
  const tell = async (requestId: number, data: string): Promise<void> => {
    const parts = data.match(new RegExp(`.{1,${PART}}`, 'gsu')) ?? [''];
    for (const [seqNo, part] of parts.entries()) {
      const answer = await beside.call('NotifyCustomerInformation', {
        ...{ data: part, seqNo, generatedAt: hands.stamp(hands.now()), requestId },
        ...(seqNo < parts.length - 1 ? { tbc: true } : {}),
      });
      if (answer.kind === 'gone') return;
    }
  };
  return (payload) => {
    const requestId = whole(payload['requestId']);
    if (requestId === undefined) return malformed('requestId is missing');
    const { report, clear, customerCertificate } = payload;
    const idTag = text(record(payload['idToken'])?.['idToken']) ?? text(payload['customerIdentifier']);
    if (idTag === undefined && customerCertificate === undefined) return status('Invalid');
    if (report !== true && clear !== true) return status('Rejected');
    const data = idTag === undefined ? '' : known(idTag);
    if (clear === true && idTag !== undefined) {
      hands.authorizer.forget(idTag);
      erased.set(idTag, beside.ledger.length);
      hands.save();
    }
    return status('Accepted', () => void (report === true ? tell(requestId, data) : undefined));
  };
};
