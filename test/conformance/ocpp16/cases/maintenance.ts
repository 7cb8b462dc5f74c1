import { asksOther, stationOther, type Case } from '../../script/case.ts';
import { instant } from '../../script/fit.ts';
import type { Stage } from '../../script/stage.ts';
import { booted, make, tells } from './plays.ts';

const url = 'https://files.example.org/firmware/1.2.3.bin';
const target = 'https://files.example.org/diagnostics/';

/** UpdateFirmware, how it goes on, and how the operator sees it end. */
const updates = (id: string, o: { readonly steps: readonly string[]; readonly effect: string }): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const command = await t.asks(s, { type: 'updateFirmware', url });
    await s.hears('UpdateFirmware', { location: url, retrieveDate: instant }, {});
    await command.taken();
    for (const status of o.steps) {
      if (status === 'Installing') await tells(s, 0, 'Unavailable');
      if (status === 'Installed') await s.says('BootNotification', make, { status: 'Accepted' });
      await s.says('FirmwareStatusNotification', { status });
    }
    await command.ends({ status: 'accepted', effect: o.effect });
    await t.told(
      s,
      'firmware.changed',
      o.steps.map((step) => ({ status: step.slice(0, 1).toLowerCase() + step.slice(1) })),
    );
  },
  twins: [
    asksOther('UpdateFirmware', { location: 'https://files.example.org/other.bin' }, 'another image'),
    stationOther(
      'station says',
      'FirmwareStatusNotification',
      { status: o.effect === 'installed' ? 'InstallationFailed' : 'Installed' },
      { breaks: 'the station says the contrary', fails: 'the command', nth: o.steps.length },
    ),
  ],
});

const diagnostics = async (t: Stage, status: string, effect: string): Promise<void> => {
  const s = await booted(t);
  const command = await t.asks(s, { type: 'getDiagnostics', url: target });
  await s.hears('GetDiagnostics', { location: target }, { fileName: 'diagnostics.zip' });
  await command.taken();
  await s.says('DiagnosticsStatusNotification', { status: 'Uploading' });
  await s.says('DiagnosticsStatusNotification', { status });
  await command.ends({ status: 'accepted', effect, result: { fileName: 'diagnostics.zip' } });
};

const otherTarget = asksOther('GetDiagnostics', { location: 'https://files.example.org/' }, 'another place');

export const maintenance: readonly Case[] = [
  updates('044_1', { steps: ['Downloading', 'Downloaded', 'Installing', 'Installed'], effect: 'installed' }),
  updates('044_2', { steps: ['Downloading', 'DownloadFailed'], effect: 'downloadFailed' }),
  updates('044_3', {
    steps: ['Downloading', 'Downloaded', 'Installing', 'InstallationFailed'],
    effect: 'installationFailed',
  }),
  {
    id: '045_1',
    run: (t) => diagnostics(t, 'Uploaded', 'uploaded'),
    twins: [
      otherTarget,
      stationOther('station answers', 'GetDiagnostics', () => ({}), {
        breaks: 'it has nothing to send',
        fails: 'the command',
      }),
    ],
  },
  {
    id: '045_2',
    run: (t) => diagnostics(t, 'UploadFailed', 'uploadFailed'),
    twins: [
      otherTarget,
      stationOther(
        'station says',
        'DiagnosticsStatusNotification',
        { status: 'Uploaded' },
        { breaks: 'it arrives all the same', fails: 'the command', nth: 2 },
      ),
    ],
  },
];
