import type { CommandTable, Outbound } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

interface State {
  readonly connectorId: number;
  readonly type: 'Operative' | 'Inoperative';
  /** Ask connector 1 when connector 0 is refused. */
  readonly onlyOne: boolean;
}

const call = (state: State) => send('ChangeAvailability', { connectorId: state.connectorId, type: state.type }, state);

/**
 * ChangeAvailability; connector 0 is the whole station. Stations with one connector may refuse connector 0 and do the
 * same on connector 1 (seen in lbbrhzn/ocpp #1736). Scheduled is success: it happens when the session has ended.
 */
export const availability: Outbound<CommandTable['availability']> = {
  start: ({ evse = 0, operative }, station) =>
    call({
      connectorId: evse,
      type: operative ? 'Operative' : 'Inoperative',
      onlyOne: evse === 0 && station.variable('NumberOfConnectors') === '1',
    }),
  next: (state, answer) => {
    const { onlyOne, type } = state as State;
    const result = resultOf(answer, byStatus({ Accepted: 'accepted', Rejected: 'rejected', Scheduled: 'scheduled' }));
    return onlyOne && result.status === 'rejected' ? call({ connectorId: 1, type, onlyOne: false }) : { done: result };
  },
};
