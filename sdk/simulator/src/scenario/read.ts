import { personalityOf } from '../personalities/index.ts';
import { type Scenario, scenarioSchema, stepNames } from './schema.ts';

export type ReadScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly string[] };

const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || 'the file';

/** What the schema cannot see: names that must fit together. */
const misfits = ({ stations, steps }: Scenario): string[] => {
  const problems: string[] = [];
  const names = new Set(stations.map((one) => one.identity));
  if (names.size < stations.length) problems.push('stations: two have one identity');
  for (const [index, { make }] of stations.entries()) {
    try {
      if (make !== undefined) personalityOf(make);
    } catch (error) {
      problems.push(`stations[${index}].make: ${(error as Error).message}`);
    }
  }
  for (const [index, step] of steps.entries()) {
    const { station } = step;
    if (station === undefined && stations.length > 1)
      problems.push(`steps[${index}].station: which of ${[...names].join(', ')}?`);
    if (station !== undefined && !names.has(station))
      problems.push(`steps[${index}].station: there is no ${station}, but ${[...names].join(', ')}`);
    const { connectors = 1 } = stations.find((one) => one.identity === (station ?? stations[0]?.identity)) ?? {};
    if ('connector' in step && step.connector !== undefined && step.connector > connectors)
      problems.push(`steps[${index}].connector: the station has ${connectors}`);
  }
  return problems;
};

/** Reads a scenario; every problem names its place: `steps[3].token: …`. */
export const readScenario = (text: string): ReadScenario => {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`no JSON: ${(error as Error).message}`] };
  }
  const read = scenarioSchema.safeParse(given);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message, code }) =>
      code === 'invalid_union' && path.at(-1) === 'do'
        ? `${placeOf(path)}: no such step; there are ${stepNames.join(', ')}`
        : `${placeOf(path)}: ${message}`,
    );
    return { ok: false, problems };
  }
  const problems = misfits(read.data);
  return problems.length === 0 ? { ok: true, scenario: read.data } : { ok: false, problems };
};
