import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { stand2x, type Version } from '../../../test/stand2x.ts';
import { aVehicle, type Contract, type Iso15118 } from '../../physics/vehicle.ts';
import { madeChain } from './contract-chain.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const emaid = 'SEPLGC000000017';
const carOf = (contract: Partial<Contract> = {}, more: Iso15118 = {}) =>
  aVehicle({ iso15118: { ...more, contract: { emaid, ...contract } } });

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('plug and charge at a station of %s', (version) => {
  const at = stand2x(version);
  const started = async (o?: Parameters<typeof at.started>[0]) => {
    at.csms.answers['GetCertificateStatus'] = () => ({ status: 'Accepted', ocspResult: 'MAo=' });
    at.csms.answers['Get15118EVCertificate'] = () => ({ status: 'Accepted', exiResponse: 'gAE=' });
    return at.started(o);
  };

  test('the contract is asked about with its certificate, and begins a transaction', async () => {
    const station = await started();
    station.plugIn(1, carOf());
    const [first] = await at.csms.arrives('TransactionEvent');
    expect(first).toMatchObject({ eventType: 'Started', idToken: { idToken: emaid, type: 'eMAID' } });
    const [question] = at.heard('Authorize');
    expect(question).toMatchObject({
      idToken: { idToken: emaid, type: 'eMAID' },
      iso15118CertificateHashData: [
        { hashAlgorithm: 'SHA256', serialNumber: '3', responderURL: 'http://ocsp.example.com' },
        { hashAlgorithm: 'SHA256', serialNumber: '2' },
      ],
    });
    expect(new X509Certificate(String(question?.['certificate'])).subject).toContain(emaid);
    expect(at.heard('GetCertificateStatus')).toHaveLength(2);
    await at.csms.arrives('NotifyEVChargingNeeds');
    // What is known of its own certificates holds for a week.
    station.unplug(1);
    station.plugIn(1, carOf());
    await at.csms.arrives('Authorize', 2);
    expect(at.heard('GetCertificateStatus')).toHaveLength(2);
    expect(at.mistakes()).toEqual([]);
  });

  test('of a provider whose root is installed only the hashes go out, and it is good without a line', async () => {
    const { chain, root } = await madeChain(emaid, 'Some Operator');
    const station = await started();
    const install = { certificateType: 'MORootCertificate', certificate: root };
    expect(await at.ask('InstallCertificate', install)).toEqual({ status: 'Accepted' });
    station.plugIn(1, carOf({ chain }));
    const [question] = await at.csms.arrives('Authorize');
    const { certificateHashDataChain } = (await at.ask('GetInstalledCertificateIds')) as {
      certificateHashDataChain: { certificateHashData: Payload }[];
    };
    // The root has issued itself, and the authority below it.
    const { issuerNameHash, issuerKeyHash } = certificateHashDataChain[0]?.certificateHashData ?? {};
    expect(question).toMatchObject({
      iso15118CertificateHashData: [{ serialNumber: '3' }, { serialNumber: '2', issuerNameHash, issuerKeyHash }],
    });
    expect(question).not.toHaveProperty('certificate');
    await at.csms.arrives('TransactionEvent');
    station.end(1);
    station.unplug(1);
    station.faults.offline();
    const again = station.next('started', patient);
    station.plugIn(1, carOf({ chain }));
    expect((await again).entry.idTag).toBe(emaid);
    expect(at.mistakes()).toEqual([]);
  });

  test.each([
    ['is not accepted', { idTokenInfo: { status: 'Accepted' }, certificateStatus: 'CertificateRevoked' } as Payload],
    ['is nobody’s', { idTokenInfo: { status: 'Unknown' } }],
  ])('a contract that %s charges nothing', async (_, answer) => {
    const station = await started();
    at.csms.answers['Authorize'] = () => answer;
    const judged = station.next('authorized', patient);
    station.plugIn(1, carOf());
    expect((await judged).status).toBe(answer['certificateStatus'] ?? 'Unknown');
    expect(station.ledger).toEqual([]);
  });

  test('a car without its certificate has it fetched, and does not identify itself when that fails', async () => {
    const station = await started();
    station.plugIn(1, carOf({ asks: 'Install' }));
    await at.csms.arrives('Authorize');
    expect(at.heard('Get15118EVCertificate')).toMatchObject([
      { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: expect.any(String) },
    ]);
    at.csms.answers['Get15118EVCertificate'] = () => ({ status: 'Failed', exiResponse: '' });
    await at.csms.arrives('TransactionEvent');
    station.unplug(1);
    station.plugIn(1, carOf({ asks: 'Update' }));
    await at.csms.arrives('Get15118EVCertificate', 2);
    await at.ask('ClearCache');
    expect(at.heard('Authorize')).toHaveLength(1);
    expect(at.mistakes()).toEqual([]);
  });

  test('nothing of it where it is switched off', async () => {
    const station = await started({ configuration: { 'ISO15118Ctrlr.PnCEnabled': 'false' } });
    station.plugIn(1, carOf());
    await at.ask('ClearCache');
    expect(at.heard('GetCertificateStatus')).toEqual([]);
    expect(at.heard('Authorize')).toEqual([]);
  });
});

describe('plug and charge at a station of ocpp2.1', () => {
  const at = stand2x('ocpp2.1');

  test.each(['Good', 'Revoked'])('the chain of a car of part 20 that is %s', async (status) => {
    const nextUpdate = '2030-01-01T00:00:00.000Z';
    at.csms.answers['GetCertificateChainStatus'] = (payload) => ({
      certificateStatus: (payload['certificateStatusRequests'] as { certificateHashData: unknown }[]).map((one) => ({
        ...{ certificateHashData: one.certificateHashData, source: 'OCSP', status, nextUpdate },
      })),
    });
    const station = await at.started();
    station.plugIn(1, carOf({}, { part: 20 }));
    await at.csms.arrives('GetCertificateChainStatus');
    if (status === 'Good') await at.csms.arrives('Authorize');
    await at.ask('ClearCache');
    expect(at.heard('Authorize')).toHaveLength(status === 'Good' ? 1 : 0);
    expect(at.mistakes()).toEqual([]);
  });
});
