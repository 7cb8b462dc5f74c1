import { definePlugin, z } from '@plugga/kit';
import { expect, test } from 'vitest';
import { configure } from './configure.ts';

const rounding = definePlugin({
  name: 'rounding',
  config: z.object({ roundTo: z.number().default(2), target: z.object({ host: z.string() }).optional() }),
  setup: () => ({}),
});
const plain = definePlugin({ name: 'plain', setup: () => ({}) });

test('a config is read by the plugin’s schema, with its defaults', () => {
  expect(configure([rounding, plain])).toMatchObject([
    { state: 'configured', config: { roundTo: 2 } },
    { state: 'configured', config: {} },
  ]);
});

test.each([
  [{ roundTo: 'two' }, 'config.roundTo: Invalid input: expected number, received string'],
  [{ target: {} }, 'config.target.host: Invalid input: expected string, received undefined'],
  [{ roundto: 3 }, 'config: Unrecognized key: "roundto"'],
])('a bad config %j disables the plugin and names the field', (config, reason) => {
  expect(configure([{ plugin: rounding, config }, plain])).toMatchObject([
    { state: 'disabled', reason },
    { state: 'configured' },
  ]);
});

test('a plugin that is not enabled is disabled, and so is one with a config that it does not take', () => {
  expect(configure([{ plugin: rounding, enabled: false }])).toMatchObject([{ state: 'disabled' }]);
  expect(configure([{ plugin: plain, config: {} }])).toMatchObject([{ state: 'disabled' }]);
});

test.each(['Tariffs', 'a_b', '', '1a', 'core', 'pgboss', 'information-schema', 'pg-x', 'a'.repeat(41)])(
  'the name %j is refused',
  (name) => {
    const named = definePlugin({ name, setup: () => ({}) });
    expect(() => configure([named])).toThrow(/plugin name/);
  },
);

test('two plugins of one name are refused', () => {
  expect(() => configure([plain, plain])).toThrow('two plugins are called "plain"');
});
