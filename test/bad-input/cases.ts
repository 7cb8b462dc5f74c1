import { answers } from './answers-16.ts';
import type { Case } from './case.ts';
import { cases2x } from './cases-2x.ts';
import { connection } from './connection-16.ts';
import { floods } from './floods-16.ts';
import { framing } from './framing-16.ts';
import { framing as common, OF_16 } from './framing.ts';
import type { Bad } from './frames-16.ts';
import { storable } from './storable-16.ts';
import { transactions } from './transactions-16.ts';

const of16: readonly Bad[] = [
  ...connection,
  ...common(OF_16),
  ...framing,
  ...storable,
  ...floods,
  ...transactions,
  ...answers,
];

/** Bad inputs and what is expected of a live platform. A finding in the field is one more entry, in the file of its topic. */
export const cases: readonly Case[] = [...of16.map((it): Case => ({ ...it, version: '1.6' })), ...cases2x];
