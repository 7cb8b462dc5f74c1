import { instant } from '@plugga/kit';
import type { SessionRow } from '../ports.ts';

const millisOf = (column: string): string => `date_part('epoch', ${column}) * 1000 as ${column}`;
/** The columns of `core.session_row` that `sessionOf` reads. */
export const sessionColumns = [
  ...['id', 'evse', 'connector', 'evse_id', 'connector_id', 'location', 'status', 'token', 'token_type', 'token_last4'],
  ...['transaction_id', 'start_key', 'first_seq', 'energy_wh', 'meter_start_wh', 'meter_stop_wh', 'power_w'],
  ...['stop_reason', 'flags', ...['first_at', 'started_at', 'ended_at', 'closed_at'].map(millisOf)],
].join(', ');

export type Row = Record<string, unknown> & { readonly id: string };

const at = (value: unknown) => (typeof value === 'number' ? instant(Math.round(value)) : null);

/** The row as the fold wrote it. */
export const sessionOf = (row: Row): SessionRow =>
  ({
    id: row.id,
    evse: row.evse,
    connector: row.connector,
    evseId: row.evse_id,
    connectorId: row.connector_id,
    location: row.location,
    status: row.status,
    token: row.token,
    tokenType: row.token_type,
    tokenLast4: row.token_last4,
    transactionId: row.transaction_id,
    startKey: row.start_key,
    firstSeq: row.first_seq,
    firstAt: at(row.first_at),
    startedAt: at(row.started_at),
    endedAt: at(row.ended_at),
    closedAt: at(row.closed_at),
    energyWh: row.energy_wh,
    meterStartWh: row.meter_start_wh,
    meterStopWh: row.meter_stop_wh,
    powerW: row.power_w,
    stopReason: row.stop_reason,
    flags: row.flags,
  }) as SessionRow;
