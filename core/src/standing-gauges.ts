import { Counter, Gauge } from 'prom-client';
import type { StandingFigures } from './standing/figures.ts';

/** What the node knows without its database, read when somebody asks. `now` is in Unix milliseconds. */
export function standingGauges(
  figures: () => StandingFigures & { readonly now: number },
): readonly (Gauge<string> | Counter)[] {
  const gauge = (name: string, help: string, value: (it: ReturnType<typeof figures>) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(value(figures()));
      },
    });
  return [
    gauge('plugga_standing_usable', '1 while the standing file can be read and written', ({ fault }) =>
      fault === undefined ? 1 : 0,
    ),
    gauge('plugga_standing_bytes', 'Size of the standing file', ({ bytes }) => bytes),
    gauge(
      'plugga_standing_step_age_seconds',
      'How long ago the standing file was in step with the database; +Inf before the first time',
      ({ inStepAt, now }) => (inStepAt === undefined ? Infinity : Math.max(0, now - inStepAt) / 1_000),
    ),
    gauge(
      'plugga_standing_last_write_seconds',
      'When the standing file was last written, in Unix time; 0 before the first time',
      ({ writtenAt }) => (writtenAt ?? 0) / 1_000,
    ),
    new Gauge({
      name: 'plugga_standing_rows',
      help: 'What the standing file holds: stations, states of stations, tokens of ours, tokens that a plugin accepted',
      labelNames: ['what'],
      registers: [],
      collect() {
        const { stations, states, tokens, accepted } = figures();
        for (const [what, rows] of Object.entries({ stations, states, tokens, accepted })) this.set({ what }, rows);
      },
    }),
    new Counter({
      name: 'plugga_standing_given_up_total',
      help: 'How often the standing file was thrown away because it could not be read or written',
      registers: [],
      collect() {
        this.reset();
        this.inc(figures().givenUp);
      },
    }),
  ];
}
