import { expect, test } from 'vitest';
import { stand2x } from '../../../test/stand2x.ts';

const at = stand2x('ocpp2.1');
const idToken = { idToken: 'TAG1', type: 'ISO14443' };
const ask = (requestId: number, o: { report: boolean; clear: boolean }): Promise<unknown> =>
  at.ask('CustomerInformation', { requestId, idToken, ...o });
const told = async (requestId: number, from: number): Promise<string> => {
  for (let count = from + 1; ; count += 1) {
    const parts = (await at.csms.arrives('NotifyCustomerInformation', count)).slice(from);
    if (parts.at(-1)?.['tbc'] === true) continue;
    expect(parts.map((one) => [one['requestId'], one['seqNo']])).toEqual(parts.map((_, seqNo) => [requestId, seqNo]));
    return parts.map((one) => one['data']).join('');
  }
};

test('what is known of a driver is told in parts, and no more once it is erased', async () => {
  const station = await at.started();
  for (const visit of [1, 2, 3, 4]) {
    await station.charge({ idTag: visit === 4 ? 'TAG2' : 'TAG1', stopAfterWh: 100 });
  }
  expect(await ask(1, { report: true, clear: false })).toEqual({ status: 'Accepted' });
  const known = await told(1, 0);
  expect(known.length).toBeGreaterThan(512);
  expect(JSON.parse(known)).toMatchObject({
    idToken: 'TAG1',
    status: 'Accepted',
    transactions: station.ledger.slice(0, 3).map(({ transactionId }) => ({ transactionId })),
  });
  const before = at.heard('NotifyCustomerInformation').length;
  expect(await ask(2, { report: false, clear: true })).toEqual({ status: 'Accepted' });
  expect(await ask(3, { report: true, clear: false })).toEqual({ status: 'Accepted' });
  expect(await told(3, before)).toBe('');
  expect(at.mistakes()).toEqual([]);
});

test('who asks for nothing, or about nobody, is told so', async () => {
  await at.started();
  expect(await ask(1, { report: false, clear: false })).toEqual({ status: 'Rejected' });
  expect(await at.ask('CustomerInformation', { requestId: 2, report: true, clear: false })).toEqual({
    status: 'Invalid',
  });
});
