import type { Case } from '../../script/case.ts';
import { authorisation } from './authorisation.ts';
import { bootAndSession } from './boot-and-session.ts';
import { configuration } from './configuration.ts';
import { localList } from './local-list.ts';
import { maintenance } from './maintenance.ts';
import { remote } from './remote.ts';
import { reservation } from './reservation.ts';
import { security } from './security.ts';
import { smartCharging } from './smart-charging.ts';
import { trigger } from './trigger.ts';

export const cases: readonly Case[] = [
  ...bootAndSession,
  ...remote,
  ...configuration,
  ...authorisation,
  ...localList,
  ...maintenance,
  ...reservation,
  ...trigger,
  ...smartCharging,
  ...security,
];
