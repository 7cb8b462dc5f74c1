import { asksOther, contrary, stationOther, type Case, type Twin } from '../../script/case.ts';
import { positive } from '../../script/fit.ts';
import type { Command, Stage } from '../../script/stage.ts';
import type { Payload, Station } from '../../script/station.ts';
import { onList, writesList } from './local-list.ts';
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

const hash = { issuerNameHash: 'aa01', issuerKeyHash: 'bb02', serialNumber: '0c03' };
/** By what a driver is known there: to the operator, and on the wire; a token of ours where it is not said. */
interface Whose {
  readonly asked: Payload;
  readonly wire: Payload;
}
const byName = (customer: string): Whose => ({ asked: { customer }, wire: { customerIdentifier: customer } });
const byCertificate: Whose = {
  asked: { certificate: { algorithm: 'SHA256', ...hash } },
  wire: { customerCertificate: { hashAlgorithm: 'SHA256', ...hash } },
};
const byToken = (token: string): Whose => ({ asked: { token }, wire: { idToken: idTokenOf(token) } });
const ofDriver = ({ wire }: Whose, clear: boolean): Payload => ({ requestId: positive, report: true, clear, ...wire });
const otherDriver = asksOther('CustomerInformation', { idToken: idTokenOf('ANOTHER') }, 'another driver is named');

/** What the station keeps of a driver is told in parts, and forgotten where it is to be cleared; nothing is one empty part (N09, N10). */
async function reads(
  t: Stage,
  s: Station,
  { whose, data, clear }: { readonly whose: Whose; readonly data: string; readonly clear: boolean },
): Promise<void> {
  const command = await t.asks(s, { type: 'readCustomer', ...whose.asked, ...(clear && { clear: true }) });
  const { requestId } = await s.hears('CustomerInformation', ofDriver(whose, clear), { status: 'Accepted' });
  await command.taken();
  const parts = data === '' ? [''] : [data.slice(0, 4), data.slice(4)];
  for (const [seqNo, part] of parts.entries()) {
    const more = { tbc: seqNo < parts.length - 1, generatedAt: '2026-01-05T12:00:00.000Z' };
    await s.says('NotifyCustomerInformation', { requestId, seqNo, data: part, ...more });
  }
  await command.ends({ status: 'accepted', effect: `reported in ${parts.length} parts` });
  await t.told(
    s,
    'station.customerReported',
    parts.map(({ length: characters }, part) => ({ report: { part, last: part === parts.length - 1 }, characters })),
  );
}

const customer = (id: string, o: { readonly data: string; readonly clear: boolean; readonly by?: Whose }): Case => ({
  id,
  run: async (t) => {
    const whose = o.by ?? byToken(await t.token());
    await reads(t, await booted(t), { ...o, whose });
  },
  twins: [
    otherDriver,
    asksOther('CustomerInformation', { clear: !o.clear }, o.clear ? 'nothing is to be cleared' : 'it is cleared'),
    asksOther('CustomerInformation', { report: false }, 'nothing is to be reported'),
    contrary('CustomerInformation', 'Rejected'),
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
      await first.command.ends({ status: 'accepted', effect: 'superseded' });
      for (const status of ['Uploading', 'Uploaded'])
        await s.says('LogStatusNotification', { status, requestId: second.requestId });
      await second.command.ends({ status: 'accepted', effect: 'uploaded', result: { fileName: 'second.log' } });
    },
    twins: [{ ...otherPlace, nth: 2 }, failsToSend(4)],
  },
  customer('N_27', { data: 'Ada Lovelace, 04A2B3C4', clear: false }),
  customer('N_28', { data: '', clear: false }),
  {
    id: 'N_29',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      for (const status of ['Rejected', 'Invalid']) {
        const command = await t.asks(s, { type: 'readCustomer', token });
        await s.hears('CustomerInformation', ofDriver(byToken(token), false), { status });
        await command.ends({ status: 'rejected', detail: status });
      }
    },
    twins: [otherDriver, contrary('CustomerInformation', 'Accepted', 2)],
  },
  customer('N_30', { data: 'Ada Lovelace, 04A2B3C4', clear: true }),
  customer('N_31', { data: '', clear: true }),
  customer('N_62', { data: 'Ada Lovelace, C-17', clear: true, by: byName('C-17') }),
  customer('N_63', { data: 'Ada Lovelace, her contract', clear: true, by: byCertificate }),
  {
    // Who is on the local list is taken off it as well (N10.FR.02).
    id: 'N_46',
    run: async (t) => {
      const token = await t.token();
      const s = await booted(t);
      const list = { tokens: [token], sent: [onList(token)] };
      const has = await writesList(t, s, { mode: 'full', has: 0, ...list });
      await reads(t, s, { whose: byToken(token), data: 'Ada Lovelace, 04A2B3C4', clear: true });
      // Without idTokenInfo it is taken off.
      const sent = [{ idToken: idTokenOf(token) }];
      const then = await writesList(t, s, { mode: 'differential', tokens: [], has, sent });
      t.must('SendLocalList comes: a later version', (then as number) > (has as number), true);
    },
    twins: [
      otherDriver,
      asksOther('CustomerInformation', { clear: false }, 'nothing is to be cleared'),
      { ...asksOther('SendLocalList', (payload) => ({ ...payload, updateType: 'Full' }), 'the whole list'), nth: 2 },
    ],
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
      otherDriver,
      contrary('CustomerInformation', 'Rejected'),
    ],
  },
];
