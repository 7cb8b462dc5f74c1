import { sessionClosed, sessionCorrected } from '@plugga/kit';
import { aSessionClosed, aSessionCorrected, testPlugin } from '@plugga/testing';
import { expect, test } from 'vitest';
import plugin from './index.ts';

test('a driver’s sessions of a month are summed, as corrected', async () => {
  await using hello = await testPlugin(plugin);
  await hello.given(sessionClosed, aSessionClosed({ energyWh: 12_000 }), { session: 'one' });
  await hello.given(sessionClosed, aSessionClosed({ energyWh: 8_000 }), { session: 'two' });
  await hello.given(sessionCorrected, aSessionCorrected({ energyWh: 8_000 }, { energyWh: 9_000 }), { session: 'two' });
  await hello.given(sessionClosed, aSessionClosed(), { session: 'three', tenant: 'another operator' });

  const january = await hello.get('/api/v1/hello/energy?month=2026-01');
  expect(january).toEqual([{ driver: 'token-1', energyWh: 21_000 }]);
});
