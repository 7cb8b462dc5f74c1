import type { StationOptions } from '../station.ts';
import type { Around } from './transactions.ts';

/** Ways of a make with its transactions. */
export const waysOf = (
  options: StationOptions,
): Pick<
  Around,
  'freesFirst' | 'registerFrom' | 'signedMeter' | 'signsAtEnd' | 'startsToStop' | 'stopsTwice' | 'tellsTransactions'
> => ({
  stopsTwice: options.stopsTwice === true,
  freesFirst: options.freesFirst === true,
  ...(options.signedMeter === undefined ? {} : { signedMeter: options.signedMeter }),
  signsAtEnd: options.signsAtEnd === true,
  registerFrom: options.registerFrom ?? 'lifetime',
  startsToStop: options.startsToStop === true,
  tellsTransactions: options.tellsTransactions !== false,
});
