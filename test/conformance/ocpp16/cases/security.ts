import { testAuthority } from '@plugga/testing';
import { answersOther, asksOther, contrary, stationOther, type Case } from '../../script/case.ts';
import { instant, matching, oneOf, positive } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted, boots, make, time } from './plays.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUVqmQ\n-----END CERTIFICATE-----\n';
const url = 'https://files.example.org/firmware/signed.bin';
const hash = { issuerNameHash: 'aa01', issuerKeyHash: 'bb02', serialNumber: '0c03' };

const event = (s: Station, type: string): Promise<Payload> =>
  s.says('SecurityEventNotification', { type, timestamp: time() });
const otherEvent = stationOther(
  'station says',
  'SecurityEventNotification',
  { type: 'SettingSystemTime' },
  { breaks: 'another event', fails: 'the security events' },
);

const roots = (id: string, use: string, certificateType: string): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const install = await t.asks(s, { type: 'installCertificate', use, certificate: pem });
    await s.hears('InstallCertificate', { certificateType, certificate: pem }, { status: 'Accepted' });
    await install.ends({ status: 'accepted' });
    const list = await t.asks(s, { type: 'listCertificates', use });
    const certificateHashData = [{ hashAlgorithm: 'SHA256', ...hash }];
    await s.hears('GetInstalledCertificateIds', { certificateType }, { status: 'Accepted', certificateHashData });
    await list.ends({ status: 'accepted', result: { certificates: [{ algorithm: 'SHA256', ...hash }] } });
  },
  twins: [
    asksOther('InstallCertificate', { certificate: 'other' }, 'another certificate'),
    contrary('InstallCertificate', 'Failed'),
  ],
});

const signed = (
  id: string,
  o: { readonly steps: readonly string[]; readonly effect: string; readonly event: string },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const installAt = time(60_000);
    const asked = { url, installAt, signature: 'c2lnbmF0dXJl', certificate: pem };
    const command = await t.asks(s, { type: 'updateFirmware', ...asked });
    const firmware = {
      ...{ location: url, retrieveDateTime: instant, installDateTime: instant },
      ...{ signingCertificate: pem, signature: asked.signature },
    };
    const { requestId } = await s.hears(
      'SignedUpdateFirmware',
      { requestId: positive, firmware },
      { status: 'Accepted' },
    );
    await command.taken();
    for (const status of o.steps) {
      if (status === 'Installed') await s.says('BootNotification', make, { status: 'Accepted' });
      await s.says('SignedFirmwareStatusNotification', { status, requestId });
    }
    await event(s, o.event);
    await command.ends({ status: 'accepted', effect: o.effect });
    await t.sees('the security events', `security?station=${s.identity}`, {
      items: [{ kind: o.event, origin: 'station' }],
    });
  },
  twins: [
    asksOther(
      'SignedUpdateFirmware',
      (payload) => ({ ...payload, firmware: { ...(payload['firmware'] as Payload), signature: 'b3RoZXI=' } }),
      'another signature',
    ),
    otherEvent,
  ],
});

/** A certificate that the station refuses, and the event that it then tells. */
const invalid = (
  id: string,
  o: {
    readonly command: Payload;
    readonly action: string;
    readonly wire: Payload;
    readonly type: string;
    readonly kind: string;
  },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, o.command);
    await s.hears(o.action, o.wire, { status: 'Rejected' });
    await event(s, o.type);
    await command.ends({ status: 'rejected', detail: 'Rejected' });
    await t.sees('the security events', `security?station=${s.identity}`, {
      items: [{ kind: o.kind, origin: 'station', critical: true }],
    });
  },
  twins: [contrary(o.action, 'Accepted'), otherEvent],
});

const KEY = '0123456789abcdef0123';
const refused = oneOf(0, 401, 403, 404);

/** A station of profile 2 asks for a certificate when it is told to, and is given one; gives it with its key. */
async function certified(t: Stage, kind: 'RSA' | 'ECDSA') {
  const identity = await t.known(KEY, 2);
  const s = await t.station({ identity, key: KEY, over: {} });
  await boots(s);
  const { ownKey } = await import('../../script/own-certificate.ts');
  const own = await ownKey(kind, identity);
  const trigger = await t.asks(s, { type: 'trigger', message: 'signCertificate' });
  await s.hears('ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' }, { status: 'Accepted' });
  await s.says('SignCertificate', { csr: own.csr }, { status: 'Accepted' });
  const { certificateChain } = await s.hears(
    'CertificateSigned',
    { certificateChain: own.chain },
    { status: 'Accepted' },
  );
  await trigger.ends({ status: 'accepted', effect: 'SignCertificate' });
  return { s, identity, over: { cert: String(certificateChain), key: own.key } };
}

export const security: readonly Case[] = [
  {
    id: '074',
    run: async (t) => {
      for (const kind of ['RSA', 'ECDSA'] as const) {
        const { s, identity, over } = await certified(t, kind);
        s.loses();
        await s.closed;
        await boots(await t.station({ identity, key: KEY, over }));
        await t.comes('the certificate', `certificates?station=${identity}`, { items: [{ status: 'used' }] });
      }
    },
    twins: [
      answersOther('SignCertificate', { status: 'Rejected' }, 'nobody signs'),
      asksOther('CertificateSigned', { certificateChain: pem }, 'a certificate for another key'),
    ],
  },
  {
    id: '083',
    run: async (t) => {
      const identity = await t.known(KEY);
      const s = await t.station({ identity, key: KEY });
      await boots(s);
      const command = await t.asks(s, { type: 'raiseProfile', securityProfile: 2 });
      await s.hears('ChangeConfiguration', { key: 'SecurityProfile', value: '2' }, { status: 'Accepted' });
      await command.taken();
      s.loses();
      await s.closed;
      const again = await t.station({ identity, key: KEY, over: {} });
      await boots(again);
      await command.ends({ status: 'accepted', effect: 'connected with it' });
      t.must('the answer to Upgrade: by the profile that was', await t.knocks(identity, KEY), refused);
      await t.told(again, 'station.connected', [{ securityProfile: 1 }, { securityProfile: 2 }]);
      await t.sees('the station', `stations/${identity}`, { credentials: { securityProfile: 2 } });
    },
    twins: [
      asksOther('ChangeConfiguration', { value: '1' }, 'another profile'),
      answersOther('Upgrade', { status: 101 }, 'the profile that was is good for ever'),
    ],
  },
  {
    id: '086',
    run: async (t) => {
      const identity = await t.known(KEY, 2);
      t.must('the answer to Upgrade: with the key in the clear', await t.knocks(identity, KEY), refused);
      t.must('the answer to Upgrade: with a wrong key', await t.knocks(identity, `${KEY.slice(1)}4`, {}), refused);
      // Security whitepaper A00.FR.306 and 317: TLS 1.2 or above, and these four.
      const old = { newest: 'TLSv1.1', suites: 'DEFAULT:@SECLEVEL=0' } as const;
      t.must('the answer to TLS: to one that knows nothing above 1.1', await t.speaks(old), 'refused');
      for (const suites of ['ECDHE-ECDSA-AES128', 'ECDHE-ECDSA-AES256', 'AES128', 'AES256']) {
        const only = `${suites}-GCM-SHA${suites.endsWith('256') ? '384' : '256'}`;
        t.must(`the answer to TLS: to one that knows only ${only}`, await t.speaks({ suites: only }), 'TLSv1.2');
      }
      const s = await t.station({ identity, key: KEY, over: {} });
      await boots(s);
      await t.told(s, 'station.connected', [{ securityProfile: 2 }]);
    },
    twins: [
      answersOther('Upgrade', { status: 101 }, 'it is let in without TLS'),
      answersOther('TLS', { version: 'TLSv1.1' }, 'an old TLS is spoken'),
    ],
  },
  {
    id: '087',
    run: async (t) => {
      const { s, identity, over } = await certified(t, 'ECDSA');
      const command = await t.asks(s, { type: 'raiseProfile', securityProfile: 3 });
      await s.hears('ChangeConfiguration', { key: 'SecurityProfile', value: '3' }, { status: 'Accepted' });
      await command.taken();
      s.loses();
      await s.closed;
      const again = await t.station({ identity, over });
      await boots(again);
      await command.ends({ status: 'accepted', effect: 'connected with it' });
      const other = await certified(t, 'ECDSA');
      const foreign = testAuthority('Nobody').issue(identity);
      const shows = [
        ['its key alone', {}],
        ['the certificate of another station', other.over],
        ['a certificate of a foreign authority', { cert: foreign.cert, key: foreign.key }],
      ] as const;
      for (const [what, shown] of shows)
        t.must(`the answer to Upgrade: to one with ${what}`, await t.knocks(identity, KEY, shown), refused);
      const connected = [{ securityProfile: 2 }, { securityProfile: 3 }];
      await t.told(again, 'station.connected', connected);
    },
    twins: [
      asksOther('ChangeConfiguration', { value: '2' }, 'another profile'),
      answersOther('Upgrade', { status: 101 }, 'anybody is let in'),
    ],
  },
  {
    id: '073',
    run: async (t) => {
      const key = 'aa00bb11cc22dd33ee44ff5566778899aabbccdd';
      const identity = await t.known(key);
      const s = await t.station({ identity, key });
      await boots(s);
      const command = await t.asks(s, { type: 'rotateKey' });
      // At least 16 bytes, told as the hex text of the bytes.
      const asked = { key: 'AuthorizationKey', value: matching(/^(?:[0-9a-f]{2}){16,20}$/i) };
      const { value } = await s.hears('ChangeConfiguration', asked, { status: 'Accepted' });
      await command.taken();
      s.loses();
      await s.closed;
      const again = await t.station({ identity, key: Buffer.from(String(value), 'hex') });
      await boots(again);
      t.must('the answer to Upgrade: with the key that was', await t.knocks(identity, key), 401);
      await t.sees('the security events', `security?station=${identity}&kind=KeyRenewed`, {
        items: [{ kind: 'KeyRenewed' }],
      });
    },
    twins: [
      asksOther('ChangeConfiguration', { value: 'secret' }, 'a key that is too short'),
      answersOther('Upgrade', { status: 101 }, 'the old key is good for ever'),
    ],
  },
  roots('075_1', 'manufacturerRoot', 'ManufacturerRootCertificate'),
  roots('075_2', 'csmsRoot', 'CentralSystemRootCertificate'),
  {
    id: '076',
    run: async (t) => {
      const s = await booted(t);
      for (const algorithm of ['SHA256', 'SHA384', 'SHA512']) {
        const command = await t.asks(s, { type: 'deleteCertificate', certificate: { algorithm, ...hash } });
        const certificateHashData = { hashAlgorithm: algorithm, ...hash };
        await s.hears('DeleteCertificate', { certificateHashData }, { status: 'Accepted' });
        await command.ends({ status: 'accepted' });
      }
      const list = await t.asks(s, { type: 'listCertificates', use: 'csmsRoot' });
      const asked = { certificateType: 'CentralSystemRootCertificate' };
      await s.hears('GetInstalledCertificateIds', asked, { status: 'NotFound' });
      await list.ends({ status: 'accepted', result: { certificates: [] } });
    },
    twins: [
      asksOther(
        'DeleteCertificate',
        { certificateHashData: { hashAlgorithm: 'SHA256', ...hash, serialNumber: 'ff' } },
        'another',
      ),
      contrary('DeleteCertificate', 'NotFound'),
    ],
  },
  invalid('077', {
    ...{
      command: { type: 'certificateSigned', chain: pem },
      action: 'CertificateSigned',
      wire: { certificateChain: pem },
    },
    ...{ type: 'InvalidChargePointCertificate', kind: 'InvalidChargingStationCertificate' },
  }),
  invalid('078', {
    command: { type: 'installCertificate', use: 'csmsRoot', certificate: pem },
    ...{ action: 'InstallCertificate', wire: { certificateType: 'CentralSystemRootCertificate', certificate: pem } },
    ...{ type: 'InvalidCentralSystemCertificate', kind: 'InvalidCsmsCertificate' },
  }),
  {
    id: '079',
    run: async (t) => {
      const s = await booted(t);
      const remoteLocation = 'https://files.example.org/logs/';
      const command = await t.asks(s, { type: 'getLog', log: 'security', url: remoteLocation });
      const asked = { logType: 'SecurityLog', requestId: positive, log: { remoteLocation } };
      const { requestId } = await s.hears('GetLog', asked, { status: 'Accepted', filename: 'security.log' });
      await command.taken();
      await s.says('LogStatusNotification', { status: 'Uploading', requestId });
      await s.says('LogStatusNotification', { status: 'Uploaded', requestId });
      await command.ends({ status: 'accepted', effect: 'uploaded', result: { fileName: 'security.log' } });
    },
    twins: [
      asksOther('GetLog', { logType: 'DiagnosticsLog' }, 'another log'),
      stationOther(
        'station says',
        'LogStatusNotification',
        { status: 'UploadFailure' },
        { breaks: 'it does not arrive', fails: 'the command', nth: 2 },
      ),
    ],
  },
  signed('080', {
    steps: ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed'],
    ...{ effect: 'installed', event: 'FirmwareUpdated' },
  }),
  signed('081', {
    steps: ['Downloading', 'Downloaded', 'InvalidSignature'],
    ...{ effect: 'invalidSignature', event: 'InvalidFirmwareSignature' },
  }),
  {
    id: '085',
    run: async (t) => {
      const key = '0123456789abcdef0123';
      const identity = await t.known(key);
      t.must('the answer to Upgrade: without a key', await t.knocks(identity), 401);
      t.must('the answer to Upgrade: with a wrong key', await t.knocks(identity, `${key.slice(1)}4`), 401);
      const s = await t.station({ identity, key });
      await boots(s);
      await t.sees('the station', `stations/${identity}`, { online: true, credentials: { securityProfile: 1 } });
    },
    twins: [answersOther('Upgrade', { status: 101 }, 'everybody is let in')],
  },
  {
    id: '088',
    run: async (t) => {
      const identity = await t.known();
      t.must('the answer to Upgrade: of a protocol that there is not', await t.offers(identity, ['ocpp0.1']), '');
      const s = await t.station({ identity, protocols: ['ocpp0.1', 'ocpp1.6'] });
      t.must('the answer to Upgrade: of one that there is', s.protocol, 'ocpp1.6');
      await boots(s);
    },
    twins: [answersOther('Upgrade', { protocol: 'ocpp0.1' }, 'any protocol is taken')],
  },
];
