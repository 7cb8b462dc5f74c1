import { secret, z } from '@plugga/kit';
import { expect, test } from 'vitest';
import { formOf, hiding, secretsOf } from './secret-fields.ts';

const gateway = z.object({
  endpoint: z.url().default('https://pay.example'),
  apiKey: secret(z.string().min(4)).optional(),
  mail: z.object({ user: z.string(), password: secret(z.string()).nullable() }).optional(),
});

test('secrets are found in the settings and in objects inside them, whatever wraps them', () => {
  expect(secretsOf(gateway)).toEqual({ paths: [['apiKey'], ['mail', 'password']] });
  expect(secretsOf(z.object({ text: z.string() }))).toEqual({ paths: [] });
  expect(secretsOf(z.object({ pin: secret(z.string()).describe('Four digits') }))).toEqual({ paths: [['pin']] });
});

test('a secret in one of several shapes is hidden in all of them', () => {
  const either = z.union([z.object({ key: secret(z.string()) }), z.object({ user: z.string() })]);
  expect(secretsOf(z.object({ login: either }))).toEqual({ paths: [['login', 'key']] });
});

test.each([
  ['a list', z.object({ hooks: z.array(z.object({ key: secret(z.string()) })) })],
  ['a record', z.object({ keys: z.record(z.string(), secret(z.string())) })],
  ['a transform around it', z.object({ key: secret(z.string()) }).transform(({ key }) => ({ other: key }))],
  ['a transform of it', z.object({ key: secret(z.string()).transform((it) => ({ it })) })],
  ['the settings as a whole', secret(z.string())],
])('a secret in %s has no fixed place', (_, settings) => {
  expect(secretsOf(settings as z.ZodType)).toHaveProperty('misplaced');
});

test('the form says which fields are secret, others only whether they are set', () => {
  expect(formOf(gateway)).toMatchObject({ properties: { apiKey: { type: 'string', minLength: 4, writeOnly: true } } });
  const paths = [['apiKey'], ['mail', 'password']];
  expect(hiding({ endpoint: 'x', mail: { user: 'u', password: 'p' } }, paths)).toEqual({
    endpoint: 'x',
    apiKey: { set: false },
    mail: { user: 'u', password: { set: true } },
  });
  expect(hiding({ apiKey: 'k' }, paths)).toEqual({ apiKey: { set: true } });
});
