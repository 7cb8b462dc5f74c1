import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { rows, type CoverageRow } from './coverage-rows.ts';
import { isHere, type Sample2, samples2, speaks } from './samples2.ts';

const FROM = { station: 'station', operator: 'us' } as const;
const byName = (a: Line, b: Line): number =>
  a.action < b.action ? -1 : a.action > b.action ? 1 : a.from < b.from ? -1 : 1;

/** A message in one direction, and what becomes of it in each version that has it. */
interface Line {
  readonly action: string;
  readonly from: 'station' | 'operator';
  readonly row?: CoverageRow;
  readonly sample?: Sample2;
}

const directionOf = (sample: Sample2): Line['from'] => (sample.says === undefined ? 'operator' : 'station');
const lines: readonly Line[] = [
  ...rows.map((row): Line => {
    const sample = samples2.find((it) => it.action === row.action && directionOf(it) === row.from);
    return { action: row.action, from: row.from, row, ...(sample === undefined ? {} : { sample }) };
  }),
  ...samples2
    .filter((it) => !rows.some((row) => row.action === it.action && row.from === directionOf(it)))
    .map((sample): Line => ({ action: sample.action, from: directionOf(sample), sample })),
].toSorted(byName);

const cell = ({ sample }: Line, version: '2.0.1' | '2.1'): string => {
  if (sample === undefined || !speaks(sample, version)) return '';
  return isHere(sample, version === '2.1' ? ocpp21 : ocpp201) ? 'yes' : 'not yet';
};

const triggerOf = ({ row, sample, from }: Line): string => {
  if (row !== undefined) return row.trigger;
  if (from === 'station') return 'frame';
  if (sample?.command?.ofCore === true) return 'the core, by itself';
  return sample?.command === undefined ? '`POST /stations/{identity}/calls`' : `command \`${sample.command.type}\``;
};

const table = [
  '| action | from | triggered by | 1.6 | 2.0.1 | 2.1 |',
  '| --- | --- | --- | --- | --- | --- |',
  ...lines.map((line) =>
    [
      ...['', line.action, FROM[line.from], triggerOf(line)],
      ...[line.row === undefined ? '' : 'yes', cell(line, '2.0.1'), cell(line, '2.1'), ''],
    ]
      .join(' | ')
      .trim(),
  ),
].join('\n');

const seen = [
  '| action | from | its effect is seen | answered only |',
  '| --- | --- | --- | --- |',
  ...rows
    .toSorted(byName)
    .map((row) => `| ${row.action} | ${FROM[row.from]} | ${row.seen} | ${row.answeredOnly ?? ''} |`),
].join('\n');

const countOf = (chosen: readonly { readonly action: string }[]): number =>
  new Set(chosen.map(({ action }) => action)).size;
const here = (version: '2.0.1' | '2.1'): string => {
  const all = samples2.filter((it) => speaks(it, version));
  const missing = all.filter((it) => !isHere(it, version === '2.1' ? ocpp21 : ocpp201));
  const whole = countOf(all) - countOf(missing);
  return `${whole} of ${countOf(all)}`;
};

/** docs/ocpp-coverage.md: every action of OCPP 1.6, 2.0.1 and 2.1, what triggers it here and what becomes of it. */
export const coveragePage = (): string => `# What becomes of each OCPP message

<!-- Written by \`pnpm gen\` from test/commands/coverage-rows.ts, samples2.ts and the adapters. -->

The ${countOf(rows)} actions of OCPP 1.6 (${countOf(rows.filter((row) => row.security === true))} of them of its security extension): all. Of OCPP 2.0.1 ${here('2.0.1')} actions, of 2.1 ${here('2.1')}.
A command is \`POST /stations/{identity}/commands\` with that \`type\` ([operator API](operator-api.md)).

_yes_: for 1.6, its effect is seen where the second table says; for 2.x, the message is read and answered by its schema, or the command
sends it. _not yet_: a station that says it is answered NotSupported or NotImplemented and loses nothing by it; what only we
say can be sent by \`POST /stations/{identity}/calls\`, its answer given back raw. An empty cell: the version does not have it. The
cells of 2.x are read from the adapters, and a test walks every one against a live platform, also those that say _not yet_.

${table}

## Where the effect is seen

For 1.6, walked line by line against a live platform. Names such as \`upload.changed\` are events of \`GET /events\`. _Answered only_
says why nothing more than the answer is seen: ${rows.filter((it) => it.answeredOnly !== undefined).length} of ${rows.length} lines.

${seen}
`;
