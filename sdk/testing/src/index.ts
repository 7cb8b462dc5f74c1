export * from './builders.ts';
export { type TestAuthority, testAuthority, type TestCertificate } from './certificates.ts';
export * from './simulation/index.ts';
export { type TestClock, testClock } from './clock.ts';
export {
  type ContractFlaws,
  type TestContract,
  type TestOperator,
  testResponder,
  type TestResponder,
} from './contracts.ts';
export { type LeapingClock, leapingClock } from './leaping-clock.ts';
export { type TestDatabase, testDatabase } from './database.ts';
export { type TestDialect, testDialect } from './dialect.ts';
export { memoryDisk, type MemoryDisk } from './memory-disk.ts';
export { natsWanted, startNats, type TestNats } from './nats.ts';
export { programOf } from './program.ts';
export { type PlatformTest, type PlatformTestOptions, startPlatform } from './platform.ts';
export { type GivenOptions, type PluginTest, startPlugin, testPlugin, type TestPluginOptions } from './test-plugin.ts';
