import type { LocationId } from '@plugga/kit';
import type { SessionRow } from '../ports.ts';
import { energyOf } from './energy.ts';
import { shownFlags } from './flags.ts';
import { endOf, type Session, statusOf, stopOf, tokenOf } from './session.ts';

/** The session as the API shows it: derived, never read back by the fold. */
export function sessionRow(session: Session): SessionRow {
  const energy = energyOf(session);
  const token = tokenOf(session);
  const place = session.where?.place;
  const status = statusOf(session);
  return {
    id: session.id,
    evse: session.where?.evse ?? null,
    connector: session.where?.connector ?? null,
    evseId: place?.evseId ?? null,
    connectorId: place?.connectorId ?? null,
    location: (place?.location ?? null) as LocationId | null,
    status,
    token: token?.id ?? null,
    tokenType: token?.type ?? null,
    tokenLast4: token?.last4 ?? null,
    transactionId: session.transaction?.id ?? null,
    startKey: session.started?.content ?? null,
    firstSeq: session.firstSeq,
    firstAt: session.firstAt,
    startedAt: session.started?.at ?? null,
    endedAt: endOf(session)?.at ?? null,
    closedAt: session.closed?.at ?? null,
    energyWh: session.started === undefined && session.ends.length === 0 ? null : energy.wh,
    meterStartWh: energy.startWh ?? null,
    meterStopWh: session.ends.length === 0 ? null : (energy.stopWh ?? null),
    powerW: status === 'active' ? (session.power?.watts ?? null) : null,
    stopReason: stopOf(session).reason ?? null,
    flags: [...shownFlags(session)],
  };
}
