export * from './builders.ts';
export * from './simulation/index.ts';
export { type TestClock, testClock } from './clock.ts';
export { type TestDatabase, testDatabase } from './database.ts';
export { type TestDialect, testDialect } from './dialect.ts';
export { memoryDisk, type MemoryDisk } from './memory-disk.ts';
export { natsWanted, startNats, type TestNats } from './nats.ts';
export { type PlatformTest, type PlatformTestOptions, startPlatform } from './platform.ts';
export { type GivenOptions, type PluginTest, startPlugin, testPlugin, type TestPluginOptions } from './test-plugin.ts';
