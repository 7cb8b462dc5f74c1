import type { Command } from '../../ocpp16/command.ts';
import { changeTransactionTariff } from './change-transaction-tariff.ts';
import { clearTariffs } from './clear-tariffs.ts';
import type { Context } from '../commands/context.ts';
import { getTariffs } from './get-tariffs.ts';
import { setDefaultTariff } from './set-default-tariff.ts';

/** Block I of 2.1: tariffs. */
export const tariffCommands = (context: Context): Readonly<Record<string, Command>> => ({
  ChangeTransactionTariff: changeTransactionTariff(context),
  ClearTariffs: clearTariffs(context),
  GetTariffs: getTariffs(context),
  SetDefaultTariff: setDefaultTariff(context),
});
