import type { LedgerEntry } from '../../ledger.ts';
import type { Around } from '../../ocpp16/transactions.ts';
import { exact } from './exact.ts';
import { wallOf } from './local-time.ts';
import { type Reckoning, reckoning } from './reckoning.ts';
import { reckonable } from './tariff.ts';
import type { Tariffs } from './tariffs.ts';

type Given = Readonly<Record<string, unknown>>;

/** What running transactions cost by the tariffs that the station holds (OCPP 2.1, local cost calculation). */
export interface Costing {
  /** The tariff that holds for it from now on is found; it is reckoned with once somebody is to pay. */
  assign(entry: LedgerEntry, at: number): void;
  change(entry: LedgerEntry, tariff: Given): void;
  advance(entry: LedgerEntry, now: { readonly at: number; readonly wh: number; readonly idle: boolean }): void;
  /** `costDetails`; undefined: it is not reckoned here. */
  details(entry: LedgerEntry, final: boolean): Given | undefined;
  /** Whether it costs that much by now: as reckoned here, else as the CSMS has said. */
  reaches(entry: LedgerEntry, most: number): boolean;
  forget(entry: LedgerEntry): void;
}

export const costing = (
  { configuration, stamp }: Pick<Around, 'configuration' | 'stamp'>,
  tariffs: Tariffs,
  evseKind: 'AC' | 'DC',
): Costing => {
  const running = new Map<LedgerEntry, Reckoning>();
  const note = (entry: LedgerEntry, one: Reckoning, final: boolean): void => {
    const { id: tariffId, currency } = one.tariff;
    entry.reckoned = { tariffId, currency, ...one.total(), final };
  };

  return {
    assign(entry, at) {
      const tariff = tariffs.at(entry.connector, entry.idTag, at);
      const tariffId = tariff?.['tariffId'];
      if (tariff === undefined || typeof tariffId !== 'string') return;
      entry.tariffId = tariffId;
      if (entry.idTag === '' || !configuration.on('TariffCostCtrlr.Enabled(Tariff)')) return;
      const wall = wallOf(configuration.text('ClockCtrlr.TimeZone'));
      const one = reckoning({ tariff: reckonable(tariff), startedAt: entry.startedAt, wall, evseKind });
      running.set(entry, one);
      note(entry, one, false);
    },
    change(entry, tariff) {
      entry.tariffId = String(tariff['tariffId']);
      running.get(entry)?.change(reckonable(tariff));
    },
    advance: (entry, now) => running.get(entry)?.advance(now),
    details(entry, final) {
      const one = running.get(entry);
      if (one === undefined) return undefined;
      note(entry, one, final);
      return one.details(final, stamp);
    },
    reaches(entry, most) {
      const [one, limit] = [running.get(entry), exact(most)];
      if (one === undefined || limit === undefined) return (entry.cost?.total ?? 0) >= most;
      return one.reaches(limit);
    },
    forget: (entry) => void running.delete(entry),
  };
};
