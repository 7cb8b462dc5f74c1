import { fail } from '@plugga/kit';
import { apiOf, apiOptions, apiUsage } from './api.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';

interface Report {
  readonly backupAt: string;
  readonly restoredAt: string;
  readonly missingWh: number;
  readonly energy: readonly { readonly station: string; readonly evse: number | null; readonly wh: number }[];
  readonly toldAgain: readonly string[];
  readonly held: readonly string[];
  readonly withoutStart: readonly string[];
  readonly withGaps: readonly string[];
  readonly orphans: readonly { readonly station: string; readonly transaction: string; readonly at: string }[];
  readonly silent: readonly string[];
}

export const restoreReport: Command = {
  usage: `plugga restore report ${apiUsage}`,
  summary: 'What the last restore has lost, as far as a running platform has heard by now',
  async run(invocation) {
    const { values } = optionsOf(invocation.args, apiOptions);
    const api = apiOf(invocation, values);
    const { items } = await api.get<{ items: { id: string }[] }>('restores?limit=1');
    const [newest] = items;
    if (newest === undefined) throw fail('not-found', 'this installation was never restored from a backup');
    const report = await api.get<Report>(`restores/${newest.id}`);
    invocation.out(invocation.json ? JSON.stringify(report) : textOf(report));
    return exitCodes.done;
  },
};

const textOf = (o: Report): string => {
  const list = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${names.length} ${what}`, ...names.map((name) => `  ${name}`)];
  return [
    `backed up ${o.backupAt}, restored ${o.restoredAt}: of the time between is known only what was told again`,
    ...list('sessions were told again', o.toldAgain),
    ...list(
      `connectors gave ${o.missingWh} Wh that are in no session`,
      o.energy.map(({ station, evse, wh }) => `${station} EVSE ${evse ?? '?'}: ${wh} Wh`),
    ),
    ...list('sessions may have been billed before, and are held', o.held),
    ...list('sessions without their start, or with the stop of another', o.withoutStart),
    ...list('sessions with messages missing', o.withGaps),
    ...list(
      'stops or readings of transactions that nobody knows',
      o.orphans.map(({ station, transaction, at }) => `${station} transaction ${transaction}, ${at}`),
    ),
    ...list('stations have not been heard of since', o.silent),
  ].join('\n');
};
