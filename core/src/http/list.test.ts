import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi('http list');
});
afterAll(() => api.close());

/** All pages, with something happening between each two. */
async function walk(path: string, limit: number, between: (page: number) => Promise<unknown> = async () => undefined) {
  const items: Record<string, string>[] = [];
  let next: string | null = null;
  for (let page = 0; ; page += 1) {
    const cursor: string = next === null ? '' : `&cursor=${next}`;
    const { status, body } = await api.get(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
    expect(status).toBe(200);
    items.push(...body.items);
    next = body.next;
    if (next === null) return items;
    await between(page);
  }
}

test('rows that come and go while a list is walked neither repeat nor hide others', async () => {
  const before: string[] = [];
  for (let n = 0; n < 12; n += 1) before.push((await api.post('tokens', { value: `WALK${n}` })).body.id);
  const gone = before[1] ?? '';
  const seen = await walk('tokens', 5, async (page) => {
    await api.post('tokens', { value: `NEW${page}` });
    if (page === 0) await api.delete(`tokens/${gone}`);
  });
  const ids = seen.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => before.includes(id ?? ''))).toEqual(before.filter((id) => id !== gone).reverse());
});

test('rows of the same moment are all listed: microseconds and ids decide', async () => {
  const { deps } = api;
  const at = '2026-01-01T00:00:00.123456Z';
  for (let n = 0; n < 9; n += 1)
    await deps.system
      .insertInto('core.token_row')
      .values({
        id: `same-${n}`,
        tenant: deps.installation.homeTenant,
        type: 'Same',
        value: `S${n}`,
        match_key: `S${n}`,
        last4: `S${n}`,
        group_id: 'same',
        status: 'accepted',
        created_at: n < 5 ? at : '2026-01-01T00:00:00.123457Z',
      })
      .execute();
  const seen = await walk('tokens?group=same', 2);
  expect(seen.map(({ id }) => id)).toEqual([
    'same-8',
    'same-7',
    'same-6',
    'same-5',
    'same-4',
    'same-3',
    'same-2',
    'same-1',
    'same-0',
  ]);
});

test('stations are listed by identity, and a filter holds on every page', async () => {
  for (const identity of ['B2', 'A1', 'B1', 'A3', 'A2']) await api.post('stations', { identity });
  expect((await walk('stations', 2)).map(({ identity }) => identity)).toEqual(['A1', 'A2', 'A3', 'B1', 'B2']);
  expect((await walk('stations?identity=A', 2)).map(({ identity }) => identity)).toEqual(['A1', 'A2', 'A3']);
  expect((await api.get('stations?online=true')).body.items).toEqual([]);
});

test('the audit is listed newest first and filtered', async () => {
  const all = await walk('audit', 7);
  expect(Object.keys(all[0] ?? {}).sort()).toEqual([
    'action',
    'actor',
    'after',
    'at',
    'before',
    'correlation',
    'id',
    'subject',
  ]);
  const ids = all.map(({ id }) => Number(id));
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  expect(new Set(ids).size).toBe(ids.length);
  expect((await walk('audit?action=token.deleted', 7)).map(({ action, actor }) => [action, actor])).toEqual([
    ['token.deleted', 'admin'],
  ]);
});
