import { isOpen } from '../session/session.ts';
import type { StationState } from './state.ts';

/** The open transaction on that EVSE, by the id that the station knows it by. */
export const transactionOn = ({ sessions }: Pick<StationState, 'sessions'>, evse: number): string | undefined =>
  sessions.findLast((it) => it.where?.evse === evse && it.started !== undefined && isOpen(it))?.transaction?.id;
