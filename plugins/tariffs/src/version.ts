import type { OfferBasis } from './migrations.ts';
import type { TariffBody } from './tariff.ts';

/** A stored version is never changed: what was priced with it can be priced again. */
export interface TariffVersion {
  readonly id: string;
  readonly version: number;
  readonly body: TariffBody;
  /** The locked offer whose frozen price the body is. */
  readonly offer?: string;
  readonly basis?: OfferBasis;
}

/** How a price is named in events: tariff id and version. */
export const offerOf = (tariff: Pick<TariffVersion, 'id' | 'version'>): string => `${tariff.id}@${tariff.version}`;
