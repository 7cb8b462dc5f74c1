import { type Command, status } from '../../ocpp16/command.ts';
import type { Monitors } from './monitors.ts';

/** Block N, N05: which monitors are there: all, those of the factory, or those alone that cannot be switched off. */
export const setMonitoringBase =
  (monitors: Monitors): Command =>
  (payload) => {
    const base = payload['monitoringBase'];
    if (base !== 'All' && base !== 'FactoryDefault' && base !== 'HardWiredOnly') return status('NotSupported');
    monitors.base(base);
    return status('Accepted');
  };
