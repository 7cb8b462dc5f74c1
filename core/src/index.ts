export { startPlatform, type Platform, type PlatformOptions } from './compose.ts';
export { inProcessBus, type BusState, type OpenBus } from './events/bus.ts';
export { checkConfig, readConfig, type Config } from './config.ts';
