import { rows, type CoverageRow } from './coverage-rows.ts';

const FROM = { station: 'station', operator: 'us' } as const;
const byName = (a: CoverageRow, b: CoverageRow): number => (a.action < b.action ? -1 : a.action > b.action ? 1 : 0);

const table = (chosen: readonly CoverageRow[]): string =>
  [
    '| action | from | triggered by | its effect is seen | answered only |',
    '| --- | --- | --- | --- | --- |',
    ...chosen
      .toSorted(byName)
      .map((row) => `| ${row.action} | ${FROM[row.from]} | ${row.trigger} | ${row.seen} | ${row.answeredOnly ?? ''} |`),
  ].join('\n');

const countOf = (chosen: readonly CoverageRow[]): number => new Set(chosen.map(({ action }) => action)).size;

/** docs/ocpp-coverage.md: every action of OCPP 1.6, what triggers it here and where its effect is seen. */
export const coveragePage = (): string => {
  const base = rows.filter((row) => row.security !== true);
  const security = rows.filter((row) => row.security === true);
  return `# What becomes of each OCPP message

<!-- Written by \`pnpm gen\` from test/commands/coverage-rows.ts. -->

The ${countOf(rows)} actions of OCPP 1.6: ${countOf(base)} and the ${countOf(security)} of its security extension. A command is \`POST /stations/{identity}/commands\` with
that \`type\` ([operator API](operator-api.md)); names such as \`upload.changed\` are events of \`GET /events\`. A test walks every line against
a live platform. _Answered only_ says why nothing more than the answer is seen: ${rows.filter((it) => it.answeredOnly !== undefined).length} of ${rows.length} lines.

## OCPP 1.6

${table(base)}

## Security extension

${table(security)}
`;
};
