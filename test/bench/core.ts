import { fileURLToPath } from 'node:url';
import { api, type SessionView } from '../e2e/api.ts';
import { clusterOf, dataFolder, startPlatform } from '../e2e/process.ts';
import { usageOf } from '../processes.ts';
import { allClosed } from './quiet.ts';
import { load, measured } from './run.ts';
import { type Version, WH_A_VISIT } from './visit.ts';

// What the core costs a message without any plugin: node test/bench/core.ts [visits a station] [visits before]. CPU of the
// process and of its database apart. Every visit is found closed, to the watt-hour, before a figure is printed.

const visits = Number(process.argv[2] ?? 30);
/** Some 24,000 messages: until then V8 still compiles what they run through, which is a start's cost and no message's. */
const visitsBefore = Number(process.argv[3] ?? 54);
const STATIONS = 50;
const token = 'BENCHCORE0000001';
const deployment = fileURLToPath(new URL('without-plugins', import.meta.url));

const folder = await dataFolder();
const platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' }, deployment });
try {
  const operator = api(platform.url);
  await operator.post('tokens', { type: 'RFID', value: token });
  const cluster = clusterOf(folder.path);
  const all = measured(platform.pid, cluster);
  const own = () => usageOf([platform.pid]).cpuSeconds;
  for (const version of ['1.6', '2.0.1'] as const satisfies readonly Version[])
    for (const [kind, sessions] of [
      ['warm', visitsBefore],
      ['busy', visits],
    ] as const) {
      const prefix = `core-${version}-${kind}-`;
      let before: readonly [number, number] = [0, 0];
      const running = await load(
        {
          ...{ kind: 'sessions', version, url: platform.ocpp, prefix, stations: STATIONS, token, sessions },
          ...{ rate: 0, seconds: 0 },
        },
        () => void (before = [all.cpuSeconds(), own()]),
      );
      await allClosed(operator);
      const micros = [all.cpuSeconds() - before[0], own() - before[1]].map(
        (seconds) => (seconds / running.said.messages) * 1e6,
      ) as [number, number];
      await running.end();
      const closed = (await operator.all<SessionView>('sessions?status=closed')).filter((it) =>
        it.station.startsWith(prefix),
      );
      const wh = closed.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0);
      if (running.said.errors > 0 || closed.length !== STATIONS * sessions || wh !== closed.length * WH_A_VISIT)
        throw new Error(`${prefix}: ${closed.length} sessions of ${wh} Wh closed, ${running.said.errors} errors`);
      if (kind === 'warm') continue;
      const [total, process_] = micros;
      console.log(
        `${version}: ${total.toFixed(0)} us CPU a message, ${process_.toFixed(0)} of them the process, ` +
          `${(total - process_).toFixed(0)} the database; ${(running.said.messages / running.said.seconds).toFixed(0)} messages/s`,
      );
    }
} finally {
  await platform.stop();
  await folder.remove();
}
