import { byStatus, wordWith } from '@plugga/wire';

const byWord = byStatus({ Accepted: 'accepted', Rejected: 'rejected', NotSupported: 'unsupported' });

/** What a station says to the wish for a report. `EmptyResultSet`: there is nothing of what was asked for, and no report comes. */
export const reportBegun: typeof byWord = (payload) =>
  payload['status'] === 'EmptyResultSet'
    ? { status: 'rejected', detail: wordWith('EmptyResultSet: the station has nothing of that', payload['statusInfo']) }
    : byWord(payload);
