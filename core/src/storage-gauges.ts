import { Counter, Gauge } from 'prom-client';
import type { LadderFigures, LadderState } from './db/ladder.ts';

const STEPS: readonly LadderState[] = ['well', 'journaling', 'draining', 'shut'];

/** The steps of the outage ladder and the journal, read when somebody asks. */
export function storageGauges(figures: () => LadderFigures): readonly (Gauge | Counter)[] {
  const gauge = (name: string, help: string, value: (now: LadderFigures) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(value(figures()));
      },
    });
  const counter = (name: string, help: string, value: (now: LadderFigures) => number): Counter =>
    new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(value(figures()));
      },
    });
  const step = new Gauge({
    name: 'plugga_storage_step',
    help: 'Where what stations say is stored: 1 at the step that is taken now',
    labelNames: ['step'],
    registers: [],
    collect() {
      const { state } = figures();
      for (const it of STEPS) this.set({ step: it }, it === state ? 1 : 0);
    },
  });
  return [
    step,
    gauge('plugga_storage_away_seconds', 'For how long the database has been away', ({ awayMs }) => awayMs / 1_000),
    gauge('plugga_journal_units', 'Units in the journal that the database does not have yet', ({ entries }) => entries),
    gauge('plugga_journal_bytes', 'Their files', ({ bytes }) => bytes),
    gauge(
      'plugga_journal_oldest_seconds',
      'How long ago the oldest of them was heard',
      ({ oldestMs }) => oldestMs / 1_000,
    ),
    gauge(
      'plugga_journal_damaged_files',
      'Files of which something acknowledged cannot be read',
      ({ damaged }) => damaged.length,
    ),
    gauge(
      'plugga_journal_foreign_files',
      'Files of another installation or a newer version, left alone',
      ({ foreign }) => foreign.length,
    ),
    counter(
      'plugga_journal_drained_units_total',
      'Units that went from the journal to the database',
      ({ drained }) => drained,
    ),
    counter(
      'plugga_journal_merged_units_total',
      'Those of them that met what another node had written',
      ({ merged }) => merged,
    ),
  ];
}
