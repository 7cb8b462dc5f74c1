import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaFault } from '../conformance/script/schema.ts';
import { api, type Api } from '../e2e/api.ts';
import { dataFolder, type Platform, startPlatform } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { isHere, type Sample2, samples2, speaks, WALKED } from './samples2.ts';

const versions = [
  ['2.0.1', ocpp201],
  ['2.1', ocpp21],
] as const;
type Version = (typeof versions)[number][0];
const PATIENCE_MS = 20_000;

describe('each action does what docs/ocpp-coverage.md says', () => {
  let folder: Awaited<ReturnType<typeof dataFolder>>;
  let platform: Platform;
  let operator: Api;
  const stations = new Map<Version, AnsweringStation>();
  beforeAll(async () => {
    folder = await dataFolder();
    platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } });
    operator = api(platform.url);
    await operator.post('tokens', { type: 'ISO14443', value: 'COVERAGE00000001' });
    for (const [version] of versions) {
      const o = { boots: false, protocol: `ocpp${version}` as const };
      const station = await answeringStation(`${platform.ocpp}/COVERAGE-${version}`, o);
      station.replies['GetLocalListVersion'] = { versionNumber: 3 };
      stations.set(version, station);
    }
  }, 90_000);
  afterAll(async () => {
    await Promise.all([...stations.values()].map((it) => it.close()));
    await platform.stop();
    await folder.remove();
  });

  /** With the id of the session that the station has begun on the way. */
  const knowing = async (version: Version, command: Sample2['command']): Promise<Sample2['command']> => {
    if (command?.['session'] !== WALKED) return command;
    const [session] = await operator.all<{ id: string }>(`sessions?station=COVERAGE-${version}&transactionId=walked-1`);
    return { ...command, session: session!.id };
  };

  const cells = versions.flatMap(([version, adapter]) =>
    samples2
      .filter((it) => speaks(it, version))
      .map((it) => ({ ...it, version, here: isHere(it, adapter), from: it.says === undefined ? 'us' : 'the station' })),
  );
  test.each(cells)('$version: $action from $from', { timeout: 2 * PATIENCE_MS }, async (it) => {
    const { version, action, says, command, here, unanswered } = it;
    const station = stations.get(version)!;
    if (says !== undefined && unanswered === true) {
      station.send(action, says);
      // Nothing answers it; what comes after it is answered.
      await station.say('Heartbeat');
    } else if (says !== undefined) {
      const [kind, ...rest] = await station.ask(action, says);
      if (here) {
        expect([kind, ...rest][0], JSON.stringify(rest)).toBe(3);
        expect(schemaFault(version, action, 'Response', rest[0])).toBeUndefined();
      } else {
        expect([kind, rest[0]]).toEqual([4, expect.stringMatching(/^Not(Implemented|Supported)$/)]);
      }
    } else if (here && command?.ofCore !== true) {
      await operator.post(`stations/COVERAGE-${version}/commands`, await knowing(version, command));
      await station.called(action, PATIENCE_MS);
    } else {
      const answer = await operator.post<{ result: unknown }>(`stations/COVERAGE-${version}/calls`, {
        ...{ action, payload: {} },
      });
      expect(answer.result).toEqual({ status: 'Accepted' });
    }
  });
});
