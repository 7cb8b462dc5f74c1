import { expect, test } from 'vitest';
import { actionOf, prettyFrame } from './frame.ts';
import { frameIn, priceIn } from './timeline.ts';

test('a price step shows its total, and nothing where it cannot be read', () => {
  const data = { total: { inclVat: '3.65', currency: 'SEK' }, energyWh: 913, final: true };
  expect(priceIn(data)).toEqual({ inclVat: '3.65', currency: 'SEK', energyWh: 913, final: true });
  expect(priceIn({ ...data, total: undefined })).toBeUndefined();
  expect(priceIn(null)).toBeUndefined();
});

test('a frame has a direction and a text', () => {
  expect(frameIn({ direction: 'in', text: '[3,"1",{}]' })).toEqual({ direction: 'in', text: '[3,"1",{}]' });
  expect(frameIn({ direction: 'up', text: '' })).toBeUndefined();
});

test('a frame is a call, a result or an error', () => {
  expect(actionOf({ action: 'Heartbeat', text: '[2,"1","Heartbeat",{}]' })).toEqual({
    kind: 'call',
    name: 'Heartbeat',
  });
  expect(actionOf({ action: null, text: '[3,"1",{}]' }).kind).toBe('result');
  expect(actionOf({ action: null, text: ' [4,"1","NotSupported","",{}]' }).kind).toBe('error');
});

test('a frame that is not JSON is shown as it came', () => {
  expect(prettyFrame('[2,"1"')).toBe('[2,"1"');
  expect(prettyFrame('[3]')).toBe('[\n  3\n]');
});
