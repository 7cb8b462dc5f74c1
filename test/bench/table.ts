export interface Figures {
  readonly name: string;
  /** CPU of all processes a message, database included, microseconds. */
  readonly cpuMicros: number;
  readonly messagesPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly idleBytes: number;
  readonly reconnectSeconds: number;
}

const row = (what: string, floor: string, ours: string, ratio: string): string =>
  `| ${what} | ${floor} | ${ours} | ${ratio} |`;

const round = (value: number, digits: number): string => value.toFixed(digits);

/** The page docs/performance.md, whole. */
export const table = (o: { readonly machine: string; readonly floor: Figures; readonly ours: Figures }): string => {
  const { floor, ours } = o;
  const compared = (what: string, of: (figures: Figures) => number, digits: number): string =>
    row(what, round(of(floor), digits), round(of(ours), digits), round(of(ours) / of(floor), 2));
  return `# Performance

\`npx -y pnpm@12.21.0 bench --write\` makes this page. It measures the platform, with all default plugins on and its database
beside it, and in the same run a bare server: \`ws\`, \`JSON.parse\`, a valid fixed answer, nothing else. Figures of one
machine say little; the ratios carry further. The load is a process of its own and is in no figure. A ratio is printed
only after every session, CDR and watt-hour of the load was found, closed and billed.

Machine: ${o.machine}.

| | bare \`ws\` | Plugga | ratio |
|---|---:|---:|---:|
${[
  compared('CPU a message, all processes, µs', (figures) => figures.cpuMicros, 1),
  compared('messages/s, 50 stations back to back', (figures) => figures.messagesPerSecond, 0),
  compared('latency at 100 messages/s, p50, ms', (figures) => figures.latencyMs.p50, 2),
  compared('latency at 100 messages/s, p99, ms', (figures) => figures.latencyMs.p99, 2),
  compared('memory an idle connection, KiB', (figures) => figures.idleBytes / 1_024, 1),
  compared('2,000 stations reconnect, accepted and stored, s', (figures) => figures.reconnectSeconds, 2),
].join('\n')}

A visit is Authorize, StartTransaction, six MeterValues of four samples, StopTransaction: nine messages. The CPU of a
message counts everything that it causes, until every plugin has read the log to its end and every session is closed and
billed. The aim is at most 6 times the bare CPU and at least 0.22 of its throughput.
`;
};
