import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('messages are counted by their action, and stay counted however often they are read', async () => {
  const metrics = createMetrics();
  const shown = async () =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith('plugga_ocpp_messages_total'));
  for (const action of ['Heartbeat', 'MeterValues', 'Heartbeat']) metrics.counted('message', { action });
  const counts = [
    'plugga_ocpp_messages_total{action="Heartbeat"} 2',
    'plugga_ocpp_messages_total{action="MeterValues"} 1',
  ];
  expect(await shown()).toEqual(counts);
  metrics.counted('message', { action: 'Heartbeat' });
  expect(await shown()).toEqual([counts[0]!.replace('2', '3'), counts[1]]);
});
