import type { Case } from '../script/case.ts';
import { authorisation } from './authorisation.ts';
import { bootAndSession } from './boot-and-session.ts';
import { configuration } from './configuration.ts';
import { remote } from './remote.ts';

export const cases: readonly Case[] = [...bootAndSession, ...remote, ...configuration, ...authorisation];
