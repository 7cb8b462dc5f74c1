import type { SessionId, StationId } from '@plugga/kit';
import type { Column, SoldTable } from './migrations.ts';
import { isZero, minus, type Sums, zero } from './sums.ts';

/** What is sold and where it stands: a session, or what a bill of several adds to their sum by rounding. */
export interface Sold {
  readonly id: string;
  readonly session: SessionId | null;
  readonly station: StationId | null;
  readonly status: SoldTable['status'];
  readonly day: string;
  readonly zone: string;
  readonly startedAt: number | null;
  readonly estimated: boolean;
  readonly site: string;
  readonly evse: string | null;
  readonly channel: string;
  readonly tariff: string;
  readonly customer: string;
  readonly token: string | null;
  readonly tokenType: string | null;
  readonly payer: string | null;
  readonly costCentre: string;
  readonly currency: string;
  readonly energyWh: number;
  /** It closed and nobody can say what it costs. */
  readonly unpriced: boolean;
  /** The newest price, running or final. */
  readonly worth: Sums;
  readonly invoiced: Sums;
  /** Of credit notes: negative. */
  readonly credited: Sums;
  readonly bills: number;
  readonly billedWh: number;
  readonly hours: SoldTable['hours'];
}

/** A session of which nothing is known yet. */
export const newSold = (id: string, day: string): Sold => ({
  ...{ id, session: null, station: null, status: 'open', day, zone: 'UTC', startedAt: null, estimated: true },
  ...{ site: '', evse: null, channel: 'open', tariff: '', customer: '', token: null, tokenType: null, payer: null },
  ...{ costCentre: '', currency: '', energyWh: 0, unpriced: false, worth: zero, invoiced: zero, credited: zero },
  ...{ bills: 0, billedWh: 0, hours: null },
});

const settledOf = ({ invoiced, credited }: Sold): Sums => ({
  excl: invoiced.excl + credited.excl,
  vat: invoiced.vat + credited.vat,
  incl: invoiced.incl + credited.incl,
});

/** Which of the three the part that is on no bill belongs to. */
const restOf = ({ status }: Sold): 'accrued' | 'held' | 'waived' =>
  status === 'held' || status === 'waived' ? status : 'accrued';

/** Nothing was sold: it has no price yet, or closed with nothing to bill and nothing was ever billed. */
const isNothing = (it: Sold): boolean =>
  (it.status === 'gone' || (it.tariff === '' && !it.unpriced)) &&
  isZero(it.invoiced) &&
  isZero(it.credited) &&
  it.bills === 0;

/** What a session puts into the row of its day. The rows are the sum of this over all that is sold, always. */
export type Counted = Readonly<Record<Column, bigint>>;
export interface Booked {
  readonly day: string;
  readonly site: string;
  readonly tariff: string;
  readonly channel: string;
  readonly currency: string;
}

const of = (name: string, { excl, vat, incl }: Sums) => ({
  [`${name}_excl`]: excl,
  [`${name}_vat`]: vat,
  [`${name}_incl`]: incl,
});

/** Pure. Undefined where it puts nothing there. */
export function countedOf(it: Sold): Counted | undefined {
  if (isNothing(it)) return undefined;
  const rest = minus(it.worth, settledOf(it));
  const where = restOf(it);
  return {
    sessions: it.session === null || it.status === 'gone' ? 0n : 1n,
    unpriced: it.unpriced ? 1n : 0n,
    energy_wh: it.status === 'gone' ? 0n : BigInt(it.energyWh),
    bills: BigInt(it.bills),
    billed_wh: BigInt(it.billedWh),
    ...of('accrued', where === 'accrued' ? rest : zero),
    ...of('held', where === 'held' ? rest : zero),
    ...of('waived', where === 'waived' ? rest : zero),
    ...of('invoiced', it.invoiced),
    ...of('credited', it.credited),
  } as Counted;
}
