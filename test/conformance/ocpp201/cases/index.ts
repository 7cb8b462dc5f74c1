import type { Case } from '../../script/case.ts';
import { authorisation } from './authorisation.ts';
import { certificates } from './certificates.ts';
import { contracts, vehicleCertificates } from './contracts.ts';
import { costs } from './costs.ts';
import { dataTransfer } from './data-transfer.ts';
import { diagnostics } from './diagnostics.ts';
import { display } from './display.ts';
import { firmware } from './firmware.ts';
import { loadLeveling } from './load-leveling.ts';
import { localList } from './local-list.ts';
import { metering } from './metering.ts';
import { monitoring } from './monitoring.ts';
import { inVersion } from './plays.ts';
import { provisioning } from './provisioning.ts';
import { registration } from './registration.ts';
import { remote } from './remote.ts';
import { reporting } from './reports.ts';
import { reservation } from './reservation.ts';
import { security } from './security.ts';
import { smartCharging } from './smart-charging.ts';
import { transactionStatus } from './transaction-status.ts';
import { transactions } from './transactions.ts';
import { triggered } from './triggers.ts';

/** The core, whose cases are of 2.1 as well. */
export const core: readonly Case[] = [
  ...security,
  ...provisioning,
  ...registration,
  ...authorisation,
  ...contracts,
  ...transactions,
  ...transactionStatus,
  ...remote,
  ...metering,
  ...costs,
  ...firmware,
  ...certificates,
  ...vehicleCertificates,
  ...diagnostics,
  ...dataTransfer,
  ...reporting,
  ...triggered,
  ...localList,
  ...reservation,
  ...smartCharging,
  ...loadLeveling,
  ...display,
  ...monitoring,
];

export const cases: readonly Case[] = inVersion('2.0.1', core);
