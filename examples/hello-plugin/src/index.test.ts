import { sessionClosed, sessionCorrected } from '@plugga/kit';
import { aSessionClosed, aSessionCorrected, testPlugin } from '@plugga/testing';
import { expect, test } from 'vitest';
import hello from './index.ts';

test('a driver’s sessions are summed, as corrected', async () => {
  await using plugin = await testPlugin(hello);
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 12_000 }), { session: 'one' });
  await plugin.given(sessionClosed, aSessionClosed({ energyWh: 8_000 }), { session: 'two' });
  await plugin.given(sessionCorrected, aSessionCorrected({ energyWh: 8_000 }, { energyWh: 9_000 }), { session: 'two' });
  expect(await plugin.get('/api/v1/hello')).toEqual([{ driver: 'token-1', energyWh: 21_000 }]);
});
