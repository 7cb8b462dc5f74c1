import type { Quirk } from '@plugga/kit';
import { abbTerraAc } from './abb-terra-ac.ts';
import { aefa } from './aefa.ts';
import { enplus } from './enplus.ts';
import { huawei } from './huawei.ts';
import { wallbox } from './wallbox.ts';

/** In this order the first that matches a station wins, hook by hook. Huawei matches stations without a vendor: it stands last. */
export const quirks: readonly Quirk[] = [abbTerraAc, aefa, enplus, wallbox, huawei];
