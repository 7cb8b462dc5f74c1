import { fail, type StationId } from '@plugga/kit';
import { stationByIdentity } from '../../site/stations.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import type { ApiContext } from '../env.ts';

/** It may have to make the offer that is shown instead; a caller waits, no station does. */
const OFFER_MS = 10_000;

export interface WantedStart {
  readonly identity: string;
  readonly tokenId: string;
  readonly evse?: number;
  readonly connector?: number;
  readonly channel?: string;
  readonly offer?: string;
}

/** An ad hoc start needs a price that was shown, and a price that is named must hold: throws with what to show instead. Asked of those alone. */
export async function offerHeld(deps: HttpDeps, c: ApiContext, wanted: WantedStart): Promise<void> {
  const { identity, offer, ...rest } = wanted;
  if (offer === undefined) throw fail('offer-missing', 'an ad hoc start names the offer that the driver was shown');
  const station = (await read(deps, c, (db) => stationByIdentity(db, identity))).id as StationId;
  const { tenant } = c.get('caller');
  const said = await deps.plugins.ask('offer', { offer, station, ...rest }, { tenant, deadlineMs: OFFER_MS });
  if (said?.answer.holds === true) return;
  const reason = said === undefined ? 'nothing here makes offers' : (said.answer.reason ?? 'it does not hold');
  throw fail('offer-refused', `the offer "${offer}" is refused: ${reason}`, { details: { ...said?.answer.details } });
}
