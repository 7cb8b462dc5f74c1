import type { Case } from '../../script/case.ts';
import { authorisation } from './authorisation.ts';
import { metering } from './metering.ts';
import { inVersion } from './plays.ts';
import { remote } from './remote.ts';
import { transactions } from './transactions.ts';

export const cases: readonly Case[] = inVersion('2.0.1', [...authorisation, ...transactions, ...remote, ...metering]);
