import { asksOther, contrary, stationOther, type Case, type Twin } from '../../script/case.ts';
import { positive } from '../../script/fit.ts';
import type { Command, Stage } from '../../script/stage.ts';
import type { Station } from '../../script/station.ts';
import { booted, idTokenOf } from './plays.ts';

const remoteLocation = 'https://files.example.org/logs/';
const LOG = { diagnostics: 'DiagnosticsLog', security: 'SecurityLog' } as const;

/** The operator asks for a log; the station answers with that status. */
async function asks(
  t: Stage,
  s: Station,
  o: { readonly log: keyof typeof LOG; readonly status: string; readonly filename?: string },
): Promise<{ readonly command: Command; readonly requestId: unknown }> {
  const command = await t.asks(s, { type: 'getLog', log: o.log, url: remoteLocation });
  const asked = { logType: LOG[o.log], requestId: positive, log: { remoteLocation } };
  const { status, filename } = o;
  const { requestId } = await s.hears('GetLog', asked, { status, ...(filename !== undefined && { filename }) });
  return { command, requestId };
}

const otherPlace: Twin = asksOther('GetLog', { log: { remoteLocation: 'https://example.org/' } }, 'to another place');
const failsToSend = (nth: number): Twin =>
  stationOther(
    'station says',
    'LogStatusNotification',
    { status: 'UploadFailure' },
    { breaks: 'it does not arrive', fails: 'the command', nth },
  );

const uploads = (id: string, log: keyof typeof LOG): Case => ({
  id,
  run: async (t) => {
    const s = await booted(t);
    const { command, requestId } = await asks(t, s, { log, status: 'Accepted', filename: `${log}.log` });
    await command.taken();
    for (const status of ['Uploading', 'Uploaded']) await s.says('LogStatusNotification', { status, requestId });
    await command.ends({ status: 'accepted', effect: 'uploaded', result: { fileName: `${log}.log` } });
  },
  twins: [
    otherPlace,
    asksOther('GetLog', { logType: log === 'security' ? 'DiagnosticsLog' : 'SecurityLog' }, 'another log'),
    failsToSend(2),
  ],
});

export const diagnostics: readonly Case[] = [
  uploads('N_25', 'diagnostics'),
  uploads('N_35', 'security'),
  {
    id: 'N_34',
    run: async (t) => {
      const s = await booted(t);
      const { command } = await asks(t, s, { log: 'diagnostics', status: 'Rejected' });
      await command.ends({ status: 'rejected', detail: 'Rejected' });
    },
    twins: [otherPlace, contrary('GetLog', 'Accepted')],
  },
  {
    id: 'N_36',
    run: async (t) => {
      const s = await booted(t);
      const first = await asks(t, s, { log: 'diagnostics', status: 'Accepted', filename: 'first.log' });
      await first.command.taken();
      await s.says('LogStatusNotification', { status: 'Uploading', requestId: first.requestId });
      const second = await asks(t, s, { log: 'diagnostics', status: 'AcceptedCanceled', filename: 'second.log' });
      t.must('the second GetLog comes', second.requestId === first.requestId, false);
      await second.command.taken();
      await s.says('LogStatusNotification', { status: 'AcceptedCanceled', requestId: first.requestId });
      await first.command.ends({ status: 'accepted', effect: 'acceptedCanceled' });
      for (const status of ['Uploading', 'Uploaded'])
        await s.says('LogStatusNotification', { status, requestId: second.requestId });
      await second.command.ends({ status: 'accepted', effect: 'uploaded', result: { fileName: 'second.log' } });
    },
    twins: [{ ...otherPlace, nth: 2 }, failsToSend(4)],
  },
  {
    id: 'N_32',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const command = await t.asks(s, { type: 'eraseCustomer', token });
      const asked = { requestId: positive, report: false, clear: true, idToken: idTokenOf(token) };
      await s.hears('CustomerInformation', asked, { status: 'Accepted' });
      await command.ends({ status: 'accepted' });
    },
    twins: [
      asksOther('CustomerInformation', { clear: false }, 'nothing is to be cleared'),
      asksOther('CustomerInformation', { report: true }, 'a report is asked for'),
      asksOther('CustomerInformation', { idToken: idTokenOf('ANOTHER') }, 'another driver is named'),
      contrary('CustomerInformation', 'Rejected'),
    ],
  },
];
