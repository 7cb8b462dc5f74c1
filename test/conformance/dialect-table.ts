import { quirks } from '@plugga/quirks';
import type { Row } from './dialect-row.ts';
import { rows } from './ocpp16/dialect-rows.ts';
import { rows2x } from './ocpp201/dialect-rows.ts';

const here = (row: Row): string => {
  const by = [
    ...(row.quirks ?? []).map((id) => `quirk \`${id}\``),
    ...(row.tests !== undefined && row.quirks === undefined ? [row.here ?? 'taken as it is'] : []),
    ...(row.waits === undefined ? [] : [`waits for ${row.waits}`]),
  ];
  return by.join('; ');
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

const told = quirks.flatMap(({ id, advice }) => (advice === undefined ? [] : [`- \`${id}\`: ${advice}`]));

const table = (of: readonly Row[]): string => `| station | what it does | here | seen in |
| --- | --- | --- | --- |
${of.map((row) => `| ${[row.station, row.does, here(row), row.source].map(cell).join(' | ')} |`).join('\n')}`;

/** docs/dialects.md: every deviation that we know of, and what becomes of it. */
export const dialectPage = (): string => `# Dialects of OCPP

<!-- Written by \`pnpm gen\` from test/conformance/ocpp16/dialect-rows.ts and test/conformance/ocpp201/dialect-rows.ts. -->

How stations were seen to deviate, and what becomes of it here: ${rows.length} reports on 1.6, ${rows2x.length} on 2.x. A **quirk** is data in \`adapters/quirks\`, one file a
make, proved by a fixture that fails without it ([adapters](adapters.md)). What is **taken as it is** needs no quirk: the core or
the adapter reads it from any station, counted and shown as a deviation of that station, and a test holds them to it.

## OCPP 1.6

${table(rows)}

## OCPP 2.0.1 and 2.1

${table(rows2x)}

## What to set at the station

No message repairs these; the operator is told with the station.

${told.join('\n')}
`;
