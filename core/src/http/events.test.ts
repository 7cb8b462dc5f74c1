import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
let other: { readonly id: string; readonly key: string };
beforeAll(async () => {
  api = await testApi('http events');
  other = await api.tenant('OTH');
});
afterAll(() => api.close());

const emit = (
  n: number | readonly number[],
  { tenant = api.deps.installation.homeTenant as string, type = 'test.counted' } = {},
) =>
  api.deps.transactions.run(tenant as never, { plugin: 'core' }, async (tx) =>
    [n].flat().forEach((one) =>
      api.deps.transactions.emit(tx, {
        plugin: 'core',
        type,
        v: 1,
        data: { n: one },
        subject: { stream: `tests-${tenant}` },
      }),
    ),
  );

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly data: { readonly n: number }; readonly position: string };
}

/** Reads a stream until `count` events were heard, or the deadline says which did not come. */
async function listen(o: { readonly after?: string; readonly query?: string; readonly key?: string }) {
  const response = await api.fetch('GET', `events${o.query ?? ''}`, {
    ...(o.key === undefined ? {} : { key: o.key }),
    ...(o.after === undefined ? {} : { headers: { 'last-event-id': o.after } }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  expect(response.headers.get('content-encoding')).toBeNull();
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const messages = (): Message[] =>
    text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const data = field('data');
        return data === undefined
          ? []
          : [{ id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) }];
      });
  const read = async (ready: () => boolean, what: string): Promise<void> => {
    const deadline = setTimeout(() => void reader.cancel(`no ${what} within 15 s; heard ${text}`), 15_000);
    while (!ready()) {
      const part = await reader.read();
      if (part.done) throw new Error(`the stream ended before ${what}; heard: ${text}`);
      text += part.value;
    }
    clearTimeout(deadline);
  };
  await read(() => text.includes(': from'), 'beginning');
  return {
    async take(count: number): Promise<Message[]> {
      await read(() => messages().length >= count, `${count} events`);
      return messages();
    },
    close: () => reader.cancel(),
  };
}
const numbers = (messages: readonly Message[]) => messages.map(({ data }) => data.data.n);

test('a stream without a position begins with what happens from now on', async () => {
  await emit(0);
  const stream = await listen({});
  await emit(1);
  await emit(2);
  const messages = await stream.take(2);
  expect(numbers(messages)).toEqual([1, 2]);
  expect(messages[0]).toMatchObject({ event: 'test.counted', id: messages[0]?.data.position });
  await stream.close();
});

test('with Last-Event-ID it goes on exactly where it was, however much happened meanwhile', async () => {
  const first = await listen({});
  await emit(100);
  const [seen] = await first.take(1);
  await first.close();
  const meanwhile = Array.from({ length: 450 }, (_, n) => 101 + n);
  for (let n = 0; n < 450; n += 50) await emit(meanwhile.slice(n, n + 50));
  const second = await listen({ after: seen?.id ?? '' });
  const messages = await second.take(450);
  await emit(551);
  expect(numbers(await second.take(451))).toEqual([...meanwhile, 551]);
  expect(messages.map(({ id }) => BigInt(id))).toEqual(
    messages.map(({ id }) => BigInt(id)).toSorted((a, b) => (a < b ? -1 : 1)),
  );
  await second.close();
});

test("another tenant's events are not heard, and do not stand in the way", async () => {
  const mine = await listen({});
  const theirs = await listen({ key: other.key });
  await emit(1, { tenant: other.id });
  await emit(2);
  await emit(3, { tenant: other.id });
  expect(numbers(await mine.take(1))).toEqual([2]);
  expect(numbers(await theirs.take(2))).toEqual([1, 3]);
  await mine.close();
  await theirs.close();
});

test('types are chosen by name or by prefix', async () => {
  const exact = await listen({ query: '?types=test.other' });
  const prefix = await listen({ query: '?types=test.,session.closed' });
  await emit(1);
  await emit(2, { type: 'test.other' });
  await emit(3, { type: 'elsewhere.test' });
  await emit(4);
  expect(numbers(await exact.take(1))).toEqual([2]);
  expect(numbers(await prefix.take(3))).toEqual([1, 2, 4]);
  await exact.close();
  await prefix.close();
});

test('a position that is none is refused', async () => {
  expect(await api.get('events', { headers: { 'last-event-id': 'abc' } })).toMatchObject({ status: 400 });
  expect(await api.get('events?after=-1')).toMatchObject({ status: 400 });
});

test('a reader that went away leaves nothing behind', async () => {
  const stream = await listen({});
  await stream.close();
  await emit(1);
  await emit(2);
  await expect.poll(() => api.listening(), { timeout: 5_000 }).toBe(0);
});
