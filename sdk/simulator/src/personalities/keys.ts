import type { Personality } from '../personality.ts';

type Told = { readonly key: string; readonly readonly: boolean; readonly value: string };

/** A make that tells its keys in its own way: the answer to GetConfiguration, rewritten. */
export const told =
  (rewrite: (key: Told) => Told): NonNullable<Personality['rewrites']>[string] =>
  (result) => ({ ...result, configurationKey: (result['configurationKey'] as readonly Told[]).map(rewrite) });
