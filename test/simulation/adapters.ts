import type { Adapter } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';

/** What stations of the simulation speak. */
export const adapters: readonly Adapter[] = [ocpp16, ocpp201, ocpp21];
