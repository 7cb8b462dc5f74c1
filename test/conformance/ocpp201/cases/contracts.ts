import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContract, type TestOperator, testResponder, type TestResponder } from '@plugga/testing';
import { answersOther, stationOther, type Case } from '../../script/case.ts';
import type { Rule } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { ACCEPTED, booted, tells, transaction, wh } from './plays.ts';

/** A provider of the case's own, whom the operator trusts, and its responder. */
async function withProvider(
  t: Stage,
  run: (provider: TestOperator, responder: TestResponder) => Promise<void>,
): Promise<void> {
  const responder = await testResponder();
  try {
    const provider = responder.operator(`Provider ${t.strange()}`);
    await t.trusts(provider.root);
    await run(provider, responder);
  } finally {
    responder.close();
  }
}

const eMaid = (value: string): Payload => ({ idToken: value, type: 'eMAID' });
/** OCSPRequestDataType of each certificate. */
const hashData = ({ hashes }: TestContract): readonly Payload[] =>
  hashes.map(({ certificate: { algorithm, ...hash }, urls: [responderURL] }) => ({
    ...{ hashAlgorithm: algorithm, ...hash, responderURL },
  }));

/** The vehicle shows its contract; what is said of it, and whether it then charges (C07). */
const contract = (
  id: string,
  o: { readonly shows: 'hashes' | 'certificate'; readonly revoked: boolean },
  breaks: Case['twins'],
): Case => ({
  id,
  run: (t) =>
    withProvider(t, async (provider, responder) => {
      // The authority as well: a station that has judged the chain sends hashes of it alone.
      if (o.shows === 'hashes') await t.trusts(provider.authority);
      const token = await t.token({ type: 'eMAID' });
      const made = provider.contract(token);
      if (o.revoked) responder.revoked.add(made.serial);
      const s = await booted(t);
      await tells(s, 1, 'Occupied');
      const shown =
        o.shows === 'hashes' ? { iso15118CertificateHashData: hashData(made) } : { certificate: made.chain };
      await s.says(
        'Authorize',
        { idToken: eMaid(token), ...shown },
        o.revoked
          ? { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'CertificateRevoked' }
          : { idTokenInfo: { status: 'Accepted' }, certificateStatus: 'Accepted' },
      );
      t.must('who would know is asked', responder.asked() > 0, true);
      if (o.revoked) return;
      const tx = transaction(s);
      await tx.says('Started', 'Authorized', {
        ...{ idToken: eMaid(token), meterValue: wh(1_000, 'Transaction.Begin'), wanted: ACCEPTED },
      });
      await tx.says('Updated', 'ChargingStateChanged', { info: { chargingState: 'Charging' } });
      await t.session(s, { status: 'active', transactionId: tx.id });
    }),
  twins: breaks,
});
const notTold = answersOther('Authorize', { certificateStatus: 'CertChainError' }, 'the contract is not accepted');
const unknown = answersOther('Authorize', { idTokenInfo: { status: 'Unknown' } }, 'the driver is not known');
const anyway = answersOther(
  'Authorize',
  { idTokenInfo: { status: 'Accepted' }, certificateStatus: 'Accepted' },
  'what is revoked is taken all the same',
);

export const contracts: readonly Case[] = [
  contract('C_50', { shows: 'hashes', revoked: false }, [notTold, unknown]),
  contract('C_51', { shows: 'hashes', revoked: true }, [
    anyway,
    answersOther('Authorize', { certificateStatus: 'CertificateExpired' }, 'it is told to have run out'),
  ]),
  contract('C_52', { shows: 'certificate', revoked: false }, [notTold, unknown]),
];

/** The very bytes that the responder gave: OCSPResponse, DER (RFC 6960), as base64. */
const asGiven = (responder: TestResponder): Rule => ({
  rule: 'what the responder said',
  fits: (it) => responder.said().includes(String(it)),
});

const EXI = 'gJgCCk5FTlRJTkc=';
/** A service that answers one request, and gives what it heard. */
async function withService(run: (url: string, heard: () => unknown) => Promise<void>): Promise<void> {
  let heard: unknown;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard = JSON.parse(Buffer.concat(parts).toString());
      response.end(JSON.stringify({ exiResponse: EXI }));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    await run(`http://localhost:${(server.address() as AddressInfo).port}/`, () => heard);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The vehicle's request goes to whoever signs, and the answer back, both as they are (M01, M02). */
const fetched = (id: string, action: 'Install' | 'Update'): Case => ({
  id,
  run: (t) =>
    withService(async (url, heard) => {
      await t.fetchesFrom(url);
      const s: Station = await booted(t);
      const asked = { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action, exiRequest: 'gJgBAQID' };
      await s.says('Get15118EVCertificate', asked, { status: 'Accepted', exiResponse: EXI });
      t.must('what the service heard', heard(), asked);
    }),
  twins: [
    answersOther('Get15118EVCertificate', { exiResponse: 'AAAA' }, 'another answer than that of the service'),
    answersOther('Get15118EVCertificate', { status: 'Failed' }, 'it fails'),
    stationOther(
      'station says',
      'Get15118EVCertificate',
      { action: action === 'Install' ? 'Update' : 'Install' },
      { breaks: 'another action', fails: 'what the service heard' },
    ),
  ],
});

export const vehicleCertificates: readonly Case[] = [
  {
    id: 'M_24',
    run: (t) =>
      withProvider(t, async (provider, responder) => {
        const s = await booted(t);
        for (const ocspRequestData of hashData(provider.contract(s.identity)))
          await s.says(
            'GetCertificateStatus',
            { ocspRequestData },
            { status: 'Accepted', ocspResult: asGiven(responder) },
          );
      }),
    twins: [
      answersOther('GetCertificateStatus', { ocspResult: 'MAMKAQE=' }, 'another answer than that of the responder'),
      answersOther('GetCertificateStatus', { status: 'Failed' }, 'it fails'),
    ],
  },
  fetched('M_26', 'Install'),
  fetched('M_28', 'Update'),
];
