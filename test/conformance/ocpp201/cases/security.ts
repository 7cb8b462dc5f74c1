import { testAuthority } from '@plugga/testing';
import { answersOther, asksOther, stationOther, type Case, type Twin } from '../../script/case.ts';
import { matching, oneOf, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Station } from '../../script/station.ts';
import { boots, connection, tellsEvent } from './plays.ts';

const KEY = 'conformance-2x-key-0001';
/** By HTTP, or already by TLS. */
const refused = oneOf(0, 401, 403, 404);
const letIn = (breaks: string): Twin => ({
  ...answersOther('Upgrade', { status: 101 }, breaks),
  fails: 'the handshake',
});
/** passwordString of 2.0.1: 16 to 40 of these. */
const password = matching(/^[\w*\-=:+|@/.]{16,40}$/);
const variable = { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' } };

/** A new password, by SetVariables; which of both is then good is the case (A01). */
const renews = (id: string, attributeStatus: 'Accepted' | 'Rejected', ...more: readonly Twin[]): Case => ({
  id,
  run: async (t) => {
    const identity = await t.known(KEY);
    const s = await t.station({ identity, key: KEY });
    await boots(s);
    const command = await t.asks(s, { type: 'rotateKey' });
    const asked = { setVariableData: [{ ...variable, attributeValue: password }] };
    const answer = { setVariableResult: [{ attributeStatus, ...variable }] };
    const { setVariableData } = await s.hears('SetVariables', asked, answer);
    const [{ attributeValue }] = setVariableData as readonly [{ readonly attributeValue: string }];
    if (attributeStatus === 'Accepted') await command.taken();
    else await command.ends({ status: 'rejected', detail: 'Rejected' });
    s.loses();
    await s.closed;
    const [good, bad] = attributeStatus === 'Accepted' ? [attributeValue, KEY] : [KEY, attributeValue];
    await boots(await t.station({ identity, key: good }));
    t.must('the handshake with the other password', await t.knocks(identity, bad), 401);
  },
  twins: [
    asksOther(
      'SetVariables',
      { setVariableData: [{ ...variable, attributeValue: 'secret' }] },
      'a password that is too short',
    ),
    letIn('both passwords are good for ever'),
    ...more,
  ],
});

const PRIORITY = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'NetworkConfigurationPriority' } };
const ACTIVE = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'ActiveNetworkProfile' } };
const taken = { attributeStatus: 'Accepted' };
const network = { url: 'wss://csms.example.org/ocpp', securityProfile: 2, interface: 'Wired0' };

const overTls = async (t: Stage): Promise<string> => {
  const identity = await t.known(KEY, 2);
  const s = await t.station({ identity, key: KEY, over: {} });
  await boots(s);
  await t.told(s, 'station.connected', [{ securityProfile: 2 }]);
  return identity;
};

/** The operator raises its profile: by another network profile, put first, and a start; gives it as it comes again. */
async function raises(
  t: Stage,
  s: Station,
  o: { readonly to: 2 | 3; readonly how: NonNullable<Parameters<Stage['station']>[0]> },
): Promise<Station> {
  const to = { ...network, securityProfile: o.to };
  // Which slots it has and in which order may be asked of it, at any time.
  s.allows({ GetVariables: { getVariableResult: [{ ...PRIORITY, ...taken, attributeValue: '1' }] } });
  const command = await t.asks(s, { type: 'raiseProfile', ...to });
  const { configurationSlot: slot } = await s.hears(
    'SetNetworkProfile',
    { configurationSlot: positive, connectionData: connection(to) },
    { status: 'Accepted' },
  );
  const first = matching(new RegExp(`^${String(slot)}(,1)?$`));
  await s.hears(
    'SetVariables',
    { setVariableData: [{ ...PRIORITY, attributeValue: first }] },
    { setVariableResult: [{ ...PRIORITY, attributeStatus: 'RebootRequired' }] },
  );
  await s.hears('Reset', { type: oneOf('OnIdle', 'Immediate') }, { status: 'Accepted' });
  await command.taken();
  s.loses();
  await s.closed;
  const again = await t.station(o.how);
  again.allows({
    GetVariables: { getVariableResult: [{ ...ACTIVE, ...taken, attributeValue: String(slot) }] },
    SetVariables: { setVariableResult: [{ ...PRIORITY, ...taken }] },
  });
  await boots(again, 'RemoteReset');
  // By its profile, and once it has booted by its slot.
  const effect = oneOf('connected with it', `connected by slot ${String(slot)}`);
  await command.ends({ status: 'accepted', effect });
  return again;
}
const lower = (securityProfile: number): Twin =>
  asksOther(
    'SetNetworkProfile',
    (payload) => ({ ...payload, connectionData: { ...(payload['connectionData'] as object), securityProfile } }),
    'a lower profile',
  );

const USES = {
  ChargingStationCertificate: { message: 'signCertificate', asked: 'SignChargingStationCertificate' },
  V2GCertificate: { message: 'signV2gCertificate', asked: 'SignV2GCertificate' },
  combined: { message: 'signCombinedCertificate', asked: 'SignCombinedCertificate' },
} as const;
type Use = keyof typeof USES;

/**
 * The operator has the station ask for a certificate, which is signed and delivered (A02, F06); gives the station with what it
 * can then show. A certificate for both uses is asked for without a type.
 */
async function certified(t: Stage, use: Use = 'ChargingStationCertificate', answer = 'Accepted') {
  const identity = await t.known(KEY, 2);
  const s = await t.station({ identity, key: KEY, over: {} });
  await boots(s);
  const { ownKey } = await import('../../script/own-certificate.ts');
  const own = await ownKey('ECDSA', identity);
  const { message, asked: requestedMessage } = USES[use];
  const trigger = await t.asks(s, { type: 'trigger', message });
  await s.hears('TriggerMessage', { requestedMessage }, { status: 'Accepted' });
  const type = use === 'combined' ? {} : { certificateType: use };
  await s.says('SignCertificate', { csr: own.csr, ...type }, { status: 'Accepted' });
  const delivered = { certificateChain: own.chain, ...type };
  const { certificateChain } = await s.hears('CertificateSigned', delivered, { status: answer });
  await trigger.ends({ status: 'accepted', effect: 'SignCertificate' });
  return { s, identity, over: { cert: String(certificateChain), key: own.key } };
}
const notSigned = answersOther('SignCertificate', { status: 'Rejected' }, 'nobody signs');
const forAnother = asksOther(
  'CertificateSigned',
  { certificateChain: testAuthority('Nobody').cert },
  'a certificate for another key',
);
/** It asks, is told yes, gets what it asked for, and takes it. */
const renewed = (id: string, use: Use): Case => ({
  id,
  run: async (t) => {
    const { identity } = await certified(t, use);
    await t.comes('the certificate', `certificates?station=${identity}`, {
      items: [{ status: oneOf('taken', 'used') }],
    });
  },
  twins: [notSigned, forAnother],
});

export const security: readonly Case[] = [
  {
    id: 'A_01',
    run: async (t) => {
      const s = await t.station({ identity: await t.known(KEY), key: KEY });
      await boots(s);
    },
    twins: [answersOther('BootNotification', { status: 'Rejected' }, 'a known station is not taken')],
  },
  {
    id: 'A_02',
    run: async (t) => {
      const identity = await t.known(KEY);
      const other = await t.known(KEY);
      t.must('the handshake by another name', await t.knocks(identity, { user: other, key: KEY }), 401);
      await boots(await t.station({ identity, key: KEY }));
    },
    twins: [letIn('any name goes with the key')],
  },
  {
    id: 'A_03',
    run: async (t) => {
      const identity = await t.known(KEY);
      t.must('the handshake with another key', await t.knocks(identity, 'not-the-key-at-all-0001'), 401);
    },
    twins: [letIn('it is let in')],
  },
  {
    id: 'A_04',
    run: async (t) => {
      const identity = await overTls(t);
      t.must('the handshake in the clear', await t.knocks(identity, KEY), refused);
      // A00.FR.318: these four, so a certificate of RSA and one of ECDSA.
      for (const suites of ['ECDHE-ECDSA-AES128', 'ECDHE-ECDSA-AES256', 'AES128', 'AES256']) {
        const only = `${suites}-GCM-SHA${suites.endsWith('256') ? '384' : '256'}`;
        t.must(`the handshake of TLS with ${only} alone`, await t.speaks({ suites: only }), 'TLSv1.2');
      }
    },
    twins: [
      letIn('it is let in without TLS'),
      { ...answersOther('TLS', { version: 'refused' }, 'a suite is not offered'), fails: 'the handshake of TLS' },
    ],
  },
  {
    id: 'A_06',
    run: async (t) => {
      await overTls(t);
      const old = { newest: 'TLSv1.1', suites: 'DEFAULT:@SECLEVEL=0' } as const;
      t.must('the handshake of TLS 1.1', await t.speaks(old), 'refused');
    },
    twins: [{ ...answersOther('TLS', { version: 'TLSv1.1' }, 'an old TLS is spoken'), fails: 'the handshake of TLS' }],
  },
  {
    id: 'A_07',
    run: async (t) => {
      const { s, identity, over } = await certified(t);
      const again = await raises(t, s, { to: 3, how: { identity, over } });
      await t.told(again, 'station.connected', [{ securityProfile: 2 }, { securityProfile: 3 }]);
      t.must('the handshake with its key alone', await t.knocks(identity, KEY, {}), refused);
    },
    twins: [lower(2), forAnother, letIn('its key is good as well')],
  },
  {
    id: 'A_08',
    run: async (t) => {
      const { s, identity, over } = await certified(t);
      await raises(t, s, { to: 3, how: { identity, over } });
      const other = await certified(t);
      const foreign = testAuthority('Nobody');
      for (const [what, shown] of [
        ['the certificate of another station', other.over],
        ['a certificate of a foreign authority', foreign.issue(identity)],
        ['one that has expired', foreign.issue(identity, { days: -1 })],
      ] as const)
        t.must(`the handshake with ${what}`, await t.knocks(identity, undefined, shown), refused);
      // A00.FR.407: it is refused, and the right one is let in as before.
      await boots(await t.station({ identity, over }));
    },
    twins: [letIn('anybody is let in'), lower(2)],
  },
  {
    id: 'A_11',
    run: async (t) => {
      const { s, identity, over } = await certified(t);
      s.loses();
      await s.closed;
      await boots(await t.station({ identity, key: KEY, over }));
      await t.comes('the certificate', `certificates?station=${identity}`, { items: [{ status: 'used' }] });
    },
    twins: [notSigned, forAnother],
  },
  renewed('A_12', 'V2GCertificate'),
  renewed('A_13', 'combined'),
  {
    id: 'A_14',
    run: async (t) => {
      const { s, identity } = await certified(t, 'ChargingStationCertificate', 'Rejected');
      await tellsEvent(s, 'InvalidChargingStationCertificate');
      await t.comes('the certificate', `certificates?station=${identity}`, { items: [{ status: 'refused' }] });
      await t.sees('the security events', `security?station=${identity}`, {
        items: [{ kind: 'InvalidChargingStationCertificate', origin: 'station' }],
      });
    },
    twins: [
      notSigned,
      forAnother,
      stationOther(
        'station answers',
        'CertificateSigned',
        { status: 'Accepted' },
        { breaks: 'the station takes it', fails: 'the certificate' },
      ),
    ],
  },
  {
    id: 'A_19',
    run: async (t) => {
      const identity = await t.known(KEY);
      const s = await t.station({ identity, key: KEY });
      await boots(s);
      const again = await raises(t, s, { to: 2, how: { identity, key: KEY, over: {} } });
      t.must('the handshake by the profile that was', await t.knocks(identity, KEY), refused);
      await t.told(again, 'station.connected', [{ securityProfile: 1 }, { securityProfile: 2 }]);
      await t.sees('the station', `stations/${identity}`, { credentials: { securityProfile: 2 } });
    },
    twins: [
      lower(1),
      asksOther('SetVariables', { setVariableData: [{ ...PRIORITY, attributeValue: '1' }] }, 'it is not put first'),
      letIn('the profile that was is good for ever'),
    ],
  },
  renews('A_09', 'Accepted'),
  renews(
    'A_10',
    'Rejected',
    stationOther(
      'station answers',
      'SetVariables',
      { setVariableResult: [{ attributeStatus: 'Accepted', ...variable }] },
      { breaks: 'the station takes it', fails: 'the command' },
    ),
  ),
];
