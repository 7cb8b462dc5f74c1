import { fail } from '@plugga/kit';
import { expect, test } from 'vitest';
import { createLog, logOf } from './log.ts';

const lines = () => {
  const written: string[] = [];
  return { written, to: { write: (line: string) => void written.push(line) } };
};

const canary = 'CANARY-4711-CANARY';

test('no secret reaches a line, wherever it stands', () => {
  const { written, to } = lines();
  const log = createLog({ to, level: 'debug' });
  log.info(`Authorization: Bearer ${canary}`, { headers: { Authorization: `Bearer ${canary}` } });
  log.warn('cannot reach the database', { url: `postgres://plugga:${canary}@db/plugga` });
  log.error('failed', {
    error: fail('unavailable', `postgres://a:${canary}@b`, { cause: new Error(`Basic ${canary}`) }),
  });
  log.info('key made', {
    apiKey: canary,
    api_key: canary,
    nested: { 'key-hash': canary, list: [{ password: canary }] },
  });
  log.info('changed', { payload: { key: 'AuthorizationKey', value: canary } });
  log.info('ours', { text: `plg_${canary}` });
  logOf(log, { tokenA: canary }).info('partner', { privateKey: canary });
  createLog({ to, fields: { secret: canary } }).info('base');
  expect(written).toHaveLength(8);
  expect(written.filter((line) => line.includes('CANARY'))).toEqual([]);
});

test('tokens keep their last four characters, so that one can be told from another', () => {
  const { written, to } = lines();
  createLog({ to }).info('authorized', {
    idTag: 'DEADBEEF1234',
    idToken: { idToken: 'DEADBEEF1234', type: 'ISO14443' },
  });
  expect(JSON.parse(written[0] ?? '')).toMatchObject({
    idTag: '***1234',
    idToken: { idToken: '***1234', type: 'ISO14443' },
  });
});

test('a line is JSON with time, level, message and fields', () => {
  const { written, to } = lines();
  const log = createLog({ to, level: 'info' });
  log.debug('not shown');
  log.info('session ended', { session: 's1', wh: 12, position: 9n });
  expect(JSON.parse(written.join(''))).toMatchObject({
    level: 'info',
    msg: 'session ended',
    session: 's1',
    wh: 12,
    position: '9',
  });
});

test('what refers to itself does not end the process', () => {
  const { written, to } = lines();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  createLog({ to }).info('circle', { circle });
  expect(written).toHaveLength(1);
});

test('an error is logged with its code and causes, not with the objects that it drags along', () => {
  const { written, to } = lines();
  const driver = Object.assign(new Error('terminating connection'), {
    code: '57P01',
    client: { connection: { huge: true } },
  });
  createLog({ to }).warn('connection lost', {
    error: fail('unavailable', 'no database', { cause: driver, details: { node: 'a' } }),
  });
  const { error } = JSON.parse(written[0] ?? '');
  expect(error).toMatchObject({
    code: 'unavailable',
    message: 'no database',
    details: { node: 'a' },
    cause: { code: '57P01' },
  });
  expect(written[0]).not.toContain('huge');
});
