import { signedResult, z } from '@plugga/kit';
import type { Db } from '../../site/transact.ts';
import { instantText } from '../openapi.ts';

export const sessionStatuses = ['pending', 'active', 'ended', 'closed', 'void'] as const;

const signedResults = signedResult.options;

export const sessionSchema = z
  .object({
    id: z.string(),
    status: z.enum(sessionStatuses),
    station: z.string().openapi({ description: "The station's OCPP identity" }),
    evse: z.number().int().nullable(),
    connector: z.number().int().nullable(),
    evseId: z.string().nullable(),
    transactionId: z.string().nullable(),
    token: z.object({ last4: z.string().nullable(), type: z.string().nullable() }).nullable(),
    startedAt: instantText.nullable(),
    endedAt: instantText.nullable(),
    energyWh: z.number().int().nullable(),
    meterStartWh: z.number().int().nullable(),
    meterStopWh: z.number().int().nullable(),
    powerW: z.number().nullable(),
    stopReason: z.string().nullable(),
    flags: z.array(z.string()),
    cost: z
      .object({
        currency: z.string(),
        exclVat: z.string(),
        vat: z.string(),
        inclVat: z.string(),
        final: z.boolean(),
      })
      .nullable(),
    signedValues: z
      .enum(signedResults)
      .nullable()
      .openapi({ description: 'What its signed meter values prove; null while nobody has said' }),
  })
  .openapi('Session');

export const sessionQuery = (db: Db) =>
  db
    .selectFrom('core.session_row as session')
    .innerJoin('core.station_row as station', 'station.id', 'session.station')
    .leftJoin('core.session_cost as cost', 'cost.session', 'session.id')
    .leftJoin('core.session_signed as signed', 'signed.session', 'session.id')
    .select([
      'session.id',
      'session.status',
      'station.identity',
      'session.evse',
      'session.connector',
      'session.evse_id',
      'session.transaction_id',
      'session.token',
      'session.token_last4',
      'session.token_type',
      'session.started_at',
      'session.ended_at',
      'session.energy_wh',
      'session.meter_start_wh',
      'session.meter_stop_wh',
      'session.power_w',
      'session.stop_reason',
      'session.flags',
      'cost.currency',
      'cost.excl_vat',
      'cost.vat',
      'cost.incl_vat',
      'cost.final',
      'signed.result as signed',
    ]);
export type SessionListRow = Awaited<ReturnType<ReturnType<typeof sessionQuery>['execute']>>[number];

export const sessionShown = (row: SessionListRow): z.output<typeof sessionSchema> => ({
  id: row.id,
  status: sessionStatuses.find((status) => status === row.status) ?? 'pending',
  station: row.identity,
  evse: row.evse,
  connector: row.connector,
  evseId: row.evse_id,
  transactionId: row.transaction_id,
  token: row.token === null ? null : { last4: row.token_last4, type: row.token_type },
  startedAt: row.started_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  energyWh: row.energy_wh,
  meterStartWh: row.meter_start_wh,
  meterStopWh: row.meter_stop_wh,
  powerW: row.power_w,
  stopReason: row.stop_reason,
  flags: row.flags,
  cost:
    row.currency === null || nothingIsOwed(row)
      ? null
      : {
          currency: row.currency,
          exclVat: row.excl_vat ?? '0',
          vat: row.vat ?? '0',
          inclVat: row.incl_vat ?? '0',
          final: row.final ?? false,
        },
  signedValues: signedResults.find((it) => it === row.signed) ?? null,
});

/** A running price of nothing that flowed, of a session that is closed and was given no final one: it has no bill. */
const nothingIsOwed = (row: {
  readonly status: string;
  readonly energy_wh: number | null;
  readonly final: boolean | null;
}) => row.status === 'closed' && row.energy_wh === 0 && row.final !== true;
