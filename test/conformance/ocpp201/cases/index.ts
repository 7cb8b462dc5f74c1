import type { Case } from '../../script/case.ts';
import { authorisation } from './authorisation.ts';
import { certificates } from './certificates.ts';
import { dataTransfer } from './data-transfer.ts';
import { diagnostics } from './diagnostics.ts';
import { firmware } from './firmware.ts';
import { metering } from './metering.ts';
import { inVersion } from './plays.ts';
import { provisioning } from './provisioning.ts';
import { remote } from './remote.ts';
import { security } from './security.ts';
import { transactions } from './transactions.ts';

/** The core, whose cases are of 2.1 as well. */
export const core: readonly Case[] = [
  ...security,
  ...provisioning,
  ...authorisation,
  ...transactions,
  ...remote,
  ...metering,
  ...firmware,
  ...certificates,
  ...diagnostics,
  ...dataTransfer,
];

export const cases: readonly Case[] = inVersion('2.0.1', core);
