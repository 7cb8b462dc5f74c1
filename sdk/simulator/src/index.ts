export { nextEvent, type StationEvent, type Watch } from './events.ts';
export { deliveredWhole, energyWh, type LedgerEntry, type LedgerMessage } from './ledger.ts';
export { memoryInFile, memoryInProcess, type Memory } from './memory.ts';
export { aVehicle, type Vehicle } from './physics/vehicle.ts';
export { type SignedMeter, signedMeter, type SignedMeterOptions } from './ocpp16/signed-meter.ts';
export { station16 as virtualStation } from './ocpp16/station.ts';
export type { Charge, End, Faults, StationOptions, VirtualStation } from './station.ts';
export type { Personality } from './personality.ts';
export { mixable, personalities, personalityOf } from './personalities/index.ts';
