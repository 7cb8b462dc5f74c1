import { core } from '../../ocpp201/cases/index.ts';
import { inVersion } from '../../ocpp201/cases/plays.ts';
import type { Case } from '../../script/case.ts';
import { batterySwap } from './battery-swap.ts';
import { certificates } from './certificates.ts';
import { charging } from './charging.ts';
import { eventStreams } from './event-streams.ts';
import { grid } from './grid.ts';
import { money } from './money.ts';
import { tariffs } from './tariffs.ts';

/** What 2.1 adds. */
export const added: readonly Case[] = inVersion('2.1', [
  ...tariffs,
  ...money,
  ...charging,
  ...grid,
  ...batterySwap,
  ...certificates,
  ...eventStreams,
]);

export const cases: readonly Case[] = [...inVersion('2.1', core), ...added];
