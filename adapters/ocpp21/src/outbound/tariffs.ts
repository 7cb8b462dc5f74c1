import { type CommandResult, type CommandTable, type Outbound, type StationView, tariffType } from '@plugga/kit';
import { isTrue, wantedFirst } from '@plugga/ocpp201';
import { byStatus, isMembers, resultOf, textOf, wordWith } from '@plugga/wire';
import type { Wire21 } from '../schema.ts';
import { RECKONS } from '../tariff.ts';

const FULL = { TooManyElements: 'rejected', ConditionNotSupported: 'rejected' } as const;

// A tariff of that id has that content.
const set = byStatus({ Accepted: 'accepted', DuplicateTariffId: 'accepted', Rejected: 'rejected', ...FULL });

/** Of our own accord only to stations that reckon by tariffs; whoever is told to send one knows why. */
const unwanted = (
  { unasked }: { readonly unasked?: true },
  station: Pick<StationView, 'variable'>,
): readonly string[] | undefined => {
  const reckons = unasked === true ? isTrue(station, RECKONS) : true;
  return reckons === undefined ? undefined : reckons ? [] : ['it does not reckon by tariffs'];
};

/** SetDefaultTariff: takes the place of the one that was the default there. */
export const setDefaultTariff = (wire: Wire21): Outbound<CommandTable['setDefaultTariff']> =>
  wantedFirst<CommandTable['setDefaultTariff']>(wire, {
    names: [RECKONS],
    unwanted,
    start: ({ evse, tariff }) => wire.send('SetDefaultTariff', { evseId: evse, tariff: tariffType(tariff) }, undefined),
    next: (_, answer) => ({ done: resultOf(answer, set) }),
  });

const change = byStatus({
  ...{ Accepted: 'accepted', Rejected: 'rejected', ...FULL },
  ...{ TxNotFound: 'rejected', NoCurrencyChange: 'rejected' },
});

/** ChangeTransactionTariff: in the currency of the transaction. */
export const changeTransactionTariff = (wire: Wire21): Outbound<CommandTable['changeTransactionTariff']> =>
  wantedFirst<CommandTable['changeTransactionTariff']>(wire, {
    names: [RECKONS],
    unwanted,
    start: ({ transaction, tariff }) =>
      wire.send('ChangeTransactionTariff', { transactionId: transaction, tariff: tariffType(tariff) }, undefined),
    next: (_, answer) => ({ done: resultOf(answer, change) }),
  });

const read = byStatus({ Accepted: 'accepted', NoTariff: 'accepted', Rejected: 'rejected' });

/** GetTariffs. NoTariff: it has none, which is an answer. */
export const readTariffs = (wire: Wire21): Outbound<CommandTable['readTariffs']> => ({
  start: ({ evse }) => wire.send('GetTariffs', { evseId: evse }, undefined),
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted') return result;
      const list = payload['tariffAssignments'];
      return { status: 'accepted', data: Array.isArray(list) ? list.filter(isMembers) : [] };
    }),
  }),
});

/** ClearTariffs. Accepted where what was to go is gone, also because it was not there. */
export const clearTariffs = (wire: Wire21): Outbound<CommandTable['clearTariffs']> => ({
  start: ({ evse, ids = [] }) =>
    wire.send(
      'ClearTariffs',
      { ...(ids.length > 0 && { tariffIds: ids }), ...(evse !== undefined && { evseId: evse }) },
      undefined,
    ),
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      // A list without results is one of nothing that was there: seen of a station, though the schema forbids it.
      const results = Array.isArray(payload['clearTariffsResult'])
        ? payload['clearTariffsResult'].filter(isMembers)
        : [];
      const kept = results.filter(({ status }) => status !== 'Accepted' && status !== 'NoTariff');
      if (kept.length === 0) return { status: 'accepted' };
      const told = kept.map(
        (it) => `${textOf(it['tariffId']) ?? 'a tariff'}: ${wordWith(String(it['status']), it['statusInfo'])}`,
      );
      return { status: 'rejected', detail: told.join(', ') };
    }),
  }),
});
