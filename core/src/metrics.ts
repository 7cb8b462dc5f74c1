import type { LadderFigures } from './db/ladder.ts';
import type { StandingFigures } from './standing/figures.ts';
import { standingGauges } from './standing-gauges.ts';
import { storageGauges } from './storage-gauges.ts';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { BusState } from './events/bus.ts';

/** What is read when somebody asks, rather than kept. */
export interface Gauges {
  stationsOnline(): number;
  storage(): LadderFigures;
  standing(): StandingFigures & { readonly now: number };
  pluginLag(): Promise<readonly { readonly plugin: string; readonly lag: number; readonly parked: number }[]>;
}

export interface Metrics {
  /** Events of a station's actor: a message handled, a fence, a quarantine, a deviation. */
  counted(
    metric: 'message' | 'fenced' | 'quarantined' | 'deviation' | 'alarm',
    labels: Readonly<Record<string, string>>,
  ): void;
  /** At the stations' door: who came, who was turned away, what was odd on the wire. */
  door(what: string, labels?: Readonly<Record<string, string>>): void;
  /** One statement of the committer: how much it took, how long it took, what still waits. */
  committed(o: { readonly units: number; readonly queued: number; readonly ms: number }): void;
  /** One group of units that the journal has on its disk. */
  synced(o: { readonly units: number; readonly ms: number }): void;
  /** A line of the log that asks for attention. */
  logged(level: 'warn' | 'error'): void;
  /** Rows that a retention job has moved or deleted, and that it came to its end. */
  tidied(o: { readonly job: string; readonly rows: Readonly<Record<string, number>>; readonly at: number }): void;
  request(o: { readonly method: string; readonly status: number; readonly seconds: number }): void;
  follow(gauges: Gauges): void;
  followBus(state: () => BusState): void;
  /** A message of the bus that was not listened to. */
  busIgnored(why: string): void;
  /** Prometheus text. */
  text(): Promise<string>;
}

/** More different actions than a protocol has come from a station that makes them up. */
const ACTIONS_KEPT = 200;

/** One registry a platform, so that two in one process (tests) do not share counts. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'plugga_' });
  const registers = [registry];
  /** Counted since it was last read: a look-up by labels for each message costs more than to count it. */
  const heard = new Map<string, number>();
  void new Counter({
    name: 'plugga_ocpp_messages_total',
    help: 'CALLs of stations, by action',
    labelNames: ['action'],
    registers,
    collect() {
      for (const [action, count] of heard) this.inc({ action }, count);
      heard.clear();
    },
  });
  const fenced = new Counter({
    name: 'plugga_station_fenced_total',
    help: 'Stations given up because another node holds them',
    registers,
  });
  const quarantined = new Counter({
    name: 'plugga_units_quarantined_total',
    help: 'Messages kept raw because the database refused them',
    registers,
  });
  const deviations = new Counter({
    name: 'plugga_ocpp_deviations_total',
    help: 'Departures from the specification that were tolerated',
    labelNames: ['code'],
    registers,
  });
  const alarms = new Counter({
    name: 'plugga_security_alarms_total',
    help: 'Security events of stations that somebody must look at',
    labelNames: ['event'],
    registers,
  });
  const requests = new Histogram({
    name: 'plugga_http_request_seconds',
    help: 'HTTP requests',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const door = new Counter({
    name: 'plugga_ocpp_door_total',
    help: 'Connections and frames, by what happened',
    labelNames: ['what', 'kind'],
    registers,
  });
  const batch = new Histogram({
    name: 'plugga_commit_batch_units',
    help: 'Units that one commit has stored',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  });
  const commits = new Histogram({
    name: 'plugga_commit_seconds',
    help: 'How long a commit takes, fsync included',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2],
    registers,
  });
  const synced = new Histogram({
    name: 'plugga_journal_sync_seconds',
    help: 'How long it takes until a group of units is on the disk of the journal',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2],
    registers,
  });
  const waiting = new Gauge({
    name: 'plugga_commit_queue_units',
    help: 'Units that waited when the last commit was done',
    registers,
  });
  const lines = new Counter({
    name: 'plugga_log_lines_total',
    help: 'Lines of the log that healed themselves (warn) or ask for somebody (error)',
    labelNames: ['level'],
    registers,
  });
  const tidied = new Counter({
    name: 'plugga_retention_rows_total',
    help: 'Rows that were archived (archived) or deleted (anything else) by this node',
    labelNames: ['what'],
    registers,
  });
  const tidiedAt = new Gauge({
    name: 'plugga_retention_last_run_seconds',
    help: 'When a retention job last came to its end on this node, in Unix time; it runs every hour on one of the nodes',
    labelNames: ['job'],
    registers,
  });
  const ignored = new Counter({
    name: 'plugga_bus_ignored_total',
    help: 'Messages of the bus between nodes that were not listened to',
    labelNames: ['why'],
    registers,
  });
  const actions = new Set<string>();
  const boundedAction = (action: string): string => {
    if (actions.has(action)) return action;
    if (actions.size >= ACTIONS_KEPT) return 'other';
    actions.add(action);
    return action;
  };

  return {
    counted: (metric, labels) => {
      if (metric === 'message') {
        const action = boundedAction(labels.action ?? '');
        heard.set(action, (heard.get(action) ?? 0) + 1);
        return;
      }
      if (metric === 'deviation') deviations.inc({ code: labels.code ?? '' });
      else if (metric === 'alarm') alarms.inc({ event: labels.event ?? '' });
      else if (metric === 'fenced') fenced.inc();
      else quarantined.inc();
    },
    door: (what, labels) => door.inc({ what, kind: labels?.kind ?? labels?.protocol ?? '' }),
    committed: ({ units, queued, ms }) => {
      batch.observe(units);
      commits.observe(ms / 1000);
      waiting.set(queued);
    },
    synced: ({ ms }) => synced.observe(ms / 1000),
    logged: (level) => lines.inc({ level }),
    tidied: ({ job, rows, at }) => {
      for (const [what, count] of Object.entries(rows)) tidied.inc({ what }, count);
      tidiedAt.set({ job }, at / 1000);
    },
    request: ({ method, status, seconds }) => requests.observe({ method, status: String(status) }, seconds),
    follow: (gauges) => {
      const online = new Gauge({
        name: 'plugga_stations_online',
        help: 'Stations with a socket on this node',
        registers: [],
        collect() {
          this.set(gauges.stationsOnline());
        },
      });
      const parked = new Gauge({
        name: 'plugga_plugin_parked',
        help: 'Sessions and streams that a plugin has parked',
        labelNames: ['plugin'],
        registers,
      });
      const lag = new Gauge({
        name: 'plugga_plugin_lag_events',
        help: 'Events in the log that a plugin has not passed yet',
        labelNames: ['plugin'],
        registers: [],
        async collect() {
          for (const plugin of await gauges.pluginLag()) {
            this.set({ plugin: plugin.plugin }, plugin.lag);
            parked.set({ plugin: plugin.plugin }, plugin.parked);
          }
        },
      });
      registry.registerMetric(online);
      for (const gauge of storageGauges(gauges.storage)) registry.registerMetric(gauge);
      for (const gauge of standingGauges(gauges.standing)) registry.registerMetric(gauge);
      registry.registerMetric(lag);
    },
    followBus: (state) => {
      if (state().kind === 'alone') return;
      const bus = new Gauge({
        name: 'plugga_bus_connected',
        help: '1 while the other nodes can be heard, 0 while this one goes on alone',
        registers: [],
        collect() {
          this.set(state().kind === 'connected' ? 1 : 0);
        },
      });
      registry.registerMetric(bus);
    },
    busIgnored: (why) => ignored.inc({ why }),
    text: () => registry.metrics(),
  };
}
