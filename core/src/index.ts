export { startPlatform, type Platform, type PlatformOptions } from './compose.ts';
export { checkConfig, readConfig, type Config } from './config.ts';
