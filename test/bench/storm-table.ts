import type { Answers } from './chargers.ts';
import type { StormFigures } from './storm.ts';

const ms = (answers: Answers, of: 'p50' | 'p99' | 'max'): string => answers[of].toFixed(1);
const ratio = (a: number, b: number): string => (a / b).toFixed(2);
const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(1);
const thousands = (count: number): string => count.toLocaleString('en');

/** The section of docs/performance.md about storms. */
export const stormSection = (machine: string, it: StormFigures): string => {
  const { back } = it;
  const stations = thousands(it.stations);
  const backSeconds = (back.lastAt - back.firstAt) / 1_000;
  const cpu = (seconds: number): string =>
    `${seconds.toFixed(2)} s, ${((seconds / it.stations) * 1_000).toFixed(2)} ms each`;
  const answersOf = (what: string, quiet: Answers, loud: Answers): string =>
    `| p50, p99, longest answer to a charging station, ${what}, ms | ${ms(loud, 'p50')}, ${ms(loud, 'p99')}, ${ms(loud, 'max')} ` +
    `(quiet: ${ms(quiet, 'p50')}, ${ms(quiet, 'p99')}, ${ms(quiet, 'max')}; p99 ${ratio(loud.p99, quiet.p99)} times) |`;
  return `## Storms

\`npx -y pnpm@12.21.0 bench storm --write\` makes this section: ${stations} idle stations and ${it.charging} that charge, each with a
reading a second; \`kill -9\` of the platform, start on the same data, and every station dials again after 1 to 5 s, as often as
it takes. Then ${it.bombers} stations send messages of 100 MiB: in one frame, in fragments, deflated without having agreed on it, and
on a connection without a subprotocol. Clients run on the same machine. Every transaction is checked against its meter at
the end, each acknowledged reading too.

Machine: ${machine}.

| | |
|---|---|
| ready after \`kill -9\`, s | ${it.readySeconds.toFixed(2)} |
| first handshake to last of ${stations} boots accepted and stored, s | ${backSeconds.toFixed(2)} |
| a station's wait from dialling to accepted, p50, p99, longest, s | ${[back.waitMs.p50, back.waitMs.p99, back.waitMs.max].map((wait) => (wait / 1_000).toFixed(2)).join(', ')} |
| dials turned away and made again | ${Object.values(back.turnedAway).reduce((sum, n) => sum + n, 0)} |
| CPU of the platform | ${cpu(it.cpuSeconds.platform)} |
| CPU of the database | ${cpu(it.cpuSeconds.database)} |
${answersOf('in the storm', it.quiet, it.storm)}
| memory an idle connection, KiB | ${(it.idleBytes / 1_024).toFixed(1)} |
| bombs of 100 MiB in 10 s, all closed | ${it.bombed.bombs} |
| growth of the platform's memory at the most, MiB | ${mib(it.growthBytes)} |
${answersOf('under bombs', it.beforeBombs, it.duringBombs)}
| transactions and readings lost or doubled | 0 of ${it.transactions} and ${thousands(it.readings)} |
`;
};
