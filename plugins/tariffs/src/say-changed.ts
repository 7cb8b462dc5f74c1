import { tariffChanged, type Tx } from '@plugga/kit';
import type { TariffContext } from './routes.ts';

/** Whoever has told a price hears that it may be another. */
export const sayChanged = ({ emit }: Pick<TariffContext, 'emit'>, tx: Tx, tariff: string): Promise<void> =>
  emit(tx, tariffChanged, { stream: tx.tenant }, { tariff });
