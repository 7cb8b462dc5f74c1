import { expect, test } from 'vitest';
import { aRoot } from '../../../test/certificates.ts';
import { testCsms } from '../../../test/csms.ts';
import { stand2x } from '../../../test/stand2x.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const at = stand2x('ocpp2.0.1');
const nowhere = 'ws://127.0.0.1:1/ocpp';
const profileOf = (o: Payload = {}): Payload => ({
  ...{ ocppVersion: 'OCPP20', ocppTransport: 'JSON', ocppInterface: 'Wired0', messageTimeout: 30 },
  ...{ ocppCsmsUrl: nowhere, securityProfile: 0, ...o },
});
const set = (configurationSlot: number, o?: Payload) =>
  at.ask('SetNetworkProfile', { configurationSlot, connectionData: profileOf(o) });
const [component, variable] = [{ name: 'OCPPCommCtrlr' }, { name: 'NetworkConfigurationPriority' }];
const order = async (attributeValue: string): Promise<unknown> => {
  const answer = await at.ask('SetVariables', { setVariableData: [{ component, variable, attributeValue }] });
  return (answer as { setVariableResult: Payload[] }).setVariableResult[0]?.['attributeStatus'];
};

test('a network profile is taken up at the next start', async () => {
  const other = await testCsms(undefined, 'ocpp2.0.1');
  try {
    other.answers = {
      BootNotification: () => ({ status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }),
    };
    await at.started();
    expect(await set(2, { ocppCsmsUrl: other.url })).toEqual({ status: 'Accepted' });
    expect(await order('2,1')).toBe('Accepted');
    expect(other.heard).toEqual([]);
    await at.ask('Reset', { type: 'Immediate' });
    expect(await other.arrives('BootNotification')).toMatchObject([{ reason: 'RemoteReset' }]);
    const asked = { getVariableData: [{ component, variable: { name: 'ActiveNetworkProfile' } }] };
    expect((await other.command('GetVariables', asked))[2]).toMatchObject({
      getVariableResult: [{ attributeValue: '2' }],
    });
  } finally {
    await other.close();
  }
});

test('a network profile where nobody answers is left again after its attempts', async () => {
  const station = await at.started({ configuration: { 'OCPPCommCtrlr.NetworkProfileConnectionAttempts': '2' } });
  expect(await set(2)).toEqual({ status: 'Accepted' });
  expect(await order('2,1')).toBe('Accepted');
  let refused = 0;
  station.watch((event) => {
    if (event.kind === 'refused') refused += 1;
  });
  const back = station.next('booted', patient);
  await at.ask('Reset', { type: 'Immediate' });
  await back;
  expect(refused).toBeGreaterThanOrEqual(2);
  expect(at.heard('BootNotification')).toHaveLength(2);
});

test('a profile that cannot be used is refused: no slot, the one in use, less safe, another transport', async () => {
  await at.started({ configuration: { SecurityProfile: '1' } });
  const safe = { securityProfile: 1 };
  expect([
    await set(9, safe),
    await set(1, safe),
    await set(2, { securityProfile: 0 }),
    await set(2, { ...safe, ocppTransport: 'SOAP' }),
    await set(2, { ...safe, ocppCsmsUrl: 'http://example.com' }),
  ]).toEqual(['Rejected', 'Rejected', 'Rejected', 'Failed', 'Failed'].map((status) => ({ status })));
  expect(await order('3,1')).toBe('Rejected');
});

test('one that takes TLS goes into the order once there is a root to trust', async () => {
  await at.started({ configuration: { SecurityProfile: '1' } });
  expect(await set(2, { securityProfile: 2 }), 'TLS over ws').toEqual({ status: 'Failed' });
  expect(await set(2, { securityProfile: 2, ocppCsmsUrl: 'wss://127.0.0.1:1/ocpp' })).toEqual({ status: 'Accepted' });
  expect(await order('2,1')).toBe('Rejected');
  const { pem: certificate } = await aRoot('Servers');
  await at.ask('InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate });
  expect(await order('2,1')).toBe('Accepted');
});
