import { asksOther, contrary, stationOther, type Case, type Twin } from '../../script/case.ts';
import { instant, oneOf, positive } from '../../script/fit.ts';
import type { Command, Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { booted, boots, charging, tells, tellsEvent, wh } from './plays.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUVqmQ\n-----END CERTIFICATE-----\n';
const image = (n: number) => `https://files.example.org/firmware/2.${n}.bin`;
const signature = 'c2lnbmF0dXJl';

interface Asked {
  readonly command: Command;
  readonly requestId: unknown;
}

/** The operator asks for a signed update; the station answers with that status. */
async function asks(t: Stage, s: Station, status: string, n = 1): Promise<Asked> {
  const asked = { url: image(n), signature, certificate: PEM, installAt: '2030-01-01T00:00:00Z' };
  const command = await t.asks(s, { type: 'updateFirmware', ...asked });
  const firmware = {
    ...{ location: image(n), retrieveDateTime: instant, installDateTime: instant },
    ...{ signingCertificate: PEM, signature },
  };
  const { requestId } = await s.hears('UpdateFirmware', { requestId: positive, firmware }, { status });
  return { command, requestId };
}

async function steps(s: Station, requestId: unknown, statuses: readonly string[]): Promise<void> {
  for (const status of statuses) {
    if (status === 'Installed') await boots(s, 'FirmwareUpdate');
    await s.says('FirmwareStatusNotification', { status, requestId });
  }
}

const unsigned = asksOther(
  'UpdateFirmware',
  (payload) => {
    const { signature: _, ...firmware } = payload['firmware'] as Payload;
    return { ...payload, firmware };
  },
  'it is not signed',
);
const otherEnd = (nth: number, status: string): Twin =>
  stationOther(
    'station says',
    'FirmwareStatusNotification',
    { status },
    { breaks: 'it ends otherwise', fails: 'the command', nth },
  );

/** An update, how it goes on, and how the operator sees it end; `event`: the security event that comes with it. */
const updates = (
  id: string,
  o: { readonly steps: readonly string[]; readonly effect: string; readonly event?: string },
): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const { command, requestId } = await asks(t, s, 'Accepted');
    await command.taken();
    await steps(s, requestId, o.steps);
    if (o.event !== undefined) await tellsEvent(s, o.event);
    await command.ends({ status: 'accepted', effect: o.effect });
    await t.told(
      s,
      'firmware.changed',
      o.steps.map((step) => ({ status: step.slice(0, 1).toLowerCase() + step.slice(1) })),
    );
    if (o.event !== undefined)
      await t.sees('the security events', `security?station=${s.identity}`, {
        items: [{ kind: o.event, origin: 'station', critical: true }],
      });
  },
  twins: [unsigned, otherEnd(o.steps.length, o.effect === 'installed' ? 'InstallationFailed' : 'Installed')],
});

/** The certificate of the signature is refused at once. */
const refuses = (id: string, status: string): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const { command } = await asks(t, s, status);
    await tellsEvent(s, 'InvalidFirmwareSigningCertificate');
    await command.ends({ status: 'rejected', detail: status });
    await t.sees('the security events', `security?station=${s.identity}`, {
      items: [{ kind: 'InvalidFirmwareSigningCertificate', origin: 'station' }],
    });
  },
  twins: [unsigned, contrary('UpdateFirmware', 'Accepted')],
});

const LOADED = ['Downloading', 'Downloaded', 'SignatureVerified'];
const INSTALLED = ['Installing', 'InstallRebooting', 'Installed'];

const MD5 = '0123456789abcdef0123456789abcdef';

/** A local controller fetches an image for the stations behind it, and says how far it is. */
const publishes = (id: string, steps: readonly string[]): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'publishFirmware', url: image(1), checksum: MD5 });
    const asked = { requestId: positive, location: image(1), checksum: MD5 };
    const { requestId } = await s.hears('PublishFirmware', asked, { status: 'Accepted' });
    await command.ends({ status: 'accepted' });
    const where = (status: string) =>
      status === 'Published' ? { location: ['https://controller.example/2.1.bin'] } : {};
    for (const status of steps)
      await s.says('PublishFirmwareStatusNotification', { status, requestId, ...where(status) });
    await t.told(
      s,
      'station.noted',
      steps.map((status) => ({ topic: 'firmware.publishing', data: { request: requestId, status } })),
    );
  },
  twins: [
    asksOther('PublishFirmware', { checksum: MD5.replace('0', 'f') }, 'another image'),
    contrary('PublishFirmware', 'Rejected'),
    stationOther(
      'station says',
      'PublishFirmwareStatusNotification',
      { status: 'Idle' },
      { breaks: 'it ends otherwise', fails: 'station.noted', nth: steps.length },
    ),
  ],
});
const unpublishes = (id: string, status: 'Unpublished' | 'NoFirmware' | 'DownloadOngoing'): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'unpublishFirmware', checksum: MD5 });
    await s.hears('UnpublishFirmware', { checksum: MD5 }, { status });
    await command.ends(status === 'Unpublished' ? { status: 'accepted' } : { status: 'rejected', detail: status });
  },
  twins: [
    asksOther('UnpublishFirmware', { checksum: MD5.replace('0', 'f') }, 'another image'),
    contrary('UnpublishFirmware', status === 'Unpublished' ? 'NoFirmware' : 'Unpublished'),
  ],
});
const FETCHED = ['Downloading', 'Downloaded'];

export const firmware: readonly Case[] = [
  updates('L_01', { steps: [...LOADED, ...INSTALLED], effect: 'installed', event: 'FirmwareUpdated' }),
  updates('L_02', { steps: [...LOADED, 'InstallScheduled', ...INSTALLED], effect: 'installed' }),
  updates('L_03', { steps: ['DownloadScheduled', ...LOADED, ...INSTALLED], effect: 'installed' }),
  refuses('L_04', 'RevokedCertificate'),
  refuses('L_05', 'InvalidCertificate'),
  updates('L_06', {
    steps: ['Downloading', 'Downloaded', 'InvalidSignature'],
    ...{ effect: 'invalidSignature', event: 'InvalidFirmwareSignature' },
  }),
  updates('L_07', { steps: ['Downloading', 'DownloadFailed'], effect: 'downloadFailed' }),
  updates('L_08', {
    steps: [...LOADED, 'Installing', 'InstallVerificationFailed'],
    effect: 'installVerificationFailed',
  }),
  updates('L_09', { steps: [...LOADED, 'Installing', 'InstallationFailed'], effect: 'installationFailed' }),
  {
    id: 'L_10',
    run: async (t) => {
      const s = await booted(t);
      const first = await asks(t, s, 'Accepted', 1);
      await first.command.taken();
      await steps(s, first.requestId, ['Downloading']);
      const second = await asks(t, s, 'AcceptedCanceled', 2);
      t.must('the second UpdateFirmware comes', first.requestId === second.requestId, false);
      await second.command.taken();
      await first.command.ends({ status: 'accepted', effect: 'superseded' });
      await steps(s, second.requestId, [...LOADED, ...INSTALLED]);
      await second.command.ends({ status: 'accepted', effect: 'installed' });
    },
    twins: [{ ...unsigned, nth: 2 }, otherEnd(7, 'InstallationFailed')],
  },
  {
    id: 'L_11',
    run: async (t) => {
      const s = await booted(t);
      const first = await asks(t, s, 'Accepted', 1);
      await first.command.taken();
      await steps(s, first.requestId, [...LOADED, 'Installing']);
      const second = await asks(t, s, 'Rejected', 2);
      await second.command.ends({ status: 'rejected', detail: 'Rejected' });
      await steps(s, first.requestId, ['InstallRebooting', 'Installed']);
      await first.command.ends({ status: 'accepted', effect: 'installed' });
    },
    twins: [{ ...unsigned, nth: 2 }, otherEnd(6, 'InstallationFailed')],
  },
  {
    id: 'L_13',
    run: async (t) => {
      const { s, tx } = await charging(t);
      const { command, requestId } = await asks(t, s, 'Accepted');
      await command.taken();
      await steps(s, requestId, [...LOADED, 'InstallScheduled']);
      // No new session before it (AllowNewSessionsPendingFirmwareUpdate): what is free is out of service.
      await tells(s, 2, 'Unavailable');
      const last = { info: { stoppedReason: 'Local' }, meterValue: wh(1_500, 'Transaction.End') };
      await tx.says('Ended', 'StopAuthorized', last);
      await tells(s, 1, 'Unavailable');
      await steps(s, requestId, INSTALLED);
      await command.ends({ status: 'accepted', effect: 'installed' });
      await t.session(s, { status: oneOf('ended', 'closed'), transactionId: tx.id, energyWh: 500 });
    },
    twins: [
      unsigned,
      otherEnd(7, 'InstallationFailed'),
      stationOther(
        'station says',
        'TransactionEvent',
        (payload) => ({ ...payload, meterValue: wh(1_501, 'Transaction.End') }),
        { breaks: 'a watt-hour more', fails: 'the session', nth: 3 },
      ),
    ],
  },
  publishes('L_17', [...FETCHED, 'ChecksumVerified', 'Published']),
  publishes('L_19', [...FETCHED, 'InvalidChecksum']),
  publishes('L_20', [...FETCHED, 'ChecksumVerified', 'PublishFailed']),
  unpublishes('L_21', 'Unpublished'),
  unpublishes('L_22', 'NoFirmware'),
  unpublishes('L_23', 'DownloadOngoing'),
  publishes('L_24', ['Downloading', 'DownloadFailed']),
];
