import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['./sdk/testing/src/global-setup.ts'],
    pool: 'forks',
    // Most of the long ones wait for stations, timers and the disk.
    maxWorkers: process.env['PLUGGA_TEST'] === 'full' ? 2 : 3,
    // In CI a test that waits too long on a busy machine is tried once more; the report then says "retry x1".
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
