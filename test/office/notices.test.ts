/** Notices: who reads which, in what language, who has confirmed; and who may write them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Branch, type OfficeClient, type OfficeRig, openRig, TREE } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const TEXTS = {
  en: { title: 'Maintenance', text: 'On <b>Monday</b>' },
  ko: { title: '점검', text: '월요일' },
};
const WISH = { texts: TEXTS, language: 'en', audience: 'all' };

async function written(client: OfficeClient, wish: object = {}): Promise<number> {
  const answer = await client.post('/notices', { ...WISH, ...wish });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.id;
}
const idsOf = async (client: OfficeClient): Promise<number[]> =>
  (await client.get('/notices')).body.rows.map(({ id }: { id: number }) => id);

async function readersOf(id: number): Promise<string[]> {
  const found: string[] = [];
  for (const branch of TREE) {
    const client = await rig.of(branch, 'agent_staff');
    const isThere = (await client.get(`/notices/${id}`)).status === 200;
    assert.equal((await idsOf(client)).includes(id), isThere, branch);
    if (isThere) found.push(branch);
  }
  if ((await (await rig.house('trader')).get(`/notices/${id}`)).status === 200) found.push('house');
  return found;
}

test('each audience is read by whom it is for', async () => {
  const [house, root] = [await rig.house('support'), await rig.of('root')];
  const of = (branch: Branch) => ({ audience: 'subtree', agent: rig.agents[branch].id });
  assert.deepEqual(await readersOf(await written(house)), [...TREE, 'house']);
  assert.deepEqual(await readersOf(await written(house, { audience: 'staff' })), ['house']);
  assert.deepEqual(await readersOf(await written(house, of('a'))), ['a', 'a1']);
  assert.deepEqual(await readersOf(await written(root, { audience: 'subtree' })), ['root', 'a', 'a1', 'b']);
  assert.deepEqual(await readersOf(await written(root, of('b'))), ['b']);
});

test('who may write, and to whom', async () => {
  const code = async (client: OfficeClient, wish: object) =>
    (await client.post('/notices', { ...WISH, ...wish })).body.code ?? 'written';
  const [house, a] = [await rig.house('support'), await rig.of('a')];
  const to = (branch: Branch) => ({ audience: 'subtree', agent: rig.agents[branch].id });
  assert.equal(await code(a, { audience: 'all' }), 'forbidden');
  assert.equal(await code(a, { audience: 'staff' }), 'forbidden');
  for (const branch of ['root', 'b', 'other'] as const) assert.equal(await code(a, to(branch)), 'not_found');
  assert.equal(await code(a, to('a1')), 'written');
  assert.equal(await code(await rig.of('a', 'agent_staff'), to('a1')), 'forbidden');
  assert.equal(await code(await rig.house('trader'), {}), 'forbidden');
  assert.equal(await code(house, { audience: 'subtree' }), 'invalid_request');
  for (const wish of [
    { texts: {} },
    { language: 'zh' },
    { texts: { en: { title: '', text: 'x' } } },
    { texts: { ...TEXTS, fr: TEXTS.en } },
    { texts: { en: { title: 'a', text: 'a'.repeat(10_001) } } },
    { untilAt: '2020-01-01' },
    { fromAt: '2030-01-02', untilAt: '2030-01-01' },
    { untilAt: 'tomorrow' },
  ])
    assert.equal(await code(house, wish), 'invalid_request', JSON.stringify(wish).slice(0, 80));
});

test('it is shown in the reader’s language, or in the writer’s', async () => {
  const id = await written(await rig.house('owner'));
  const reader = await rig.of('b');
  const inLanguage = async (language: string) => {
    await rig.sql`update office_user set language = ${language} where id = ${reader.userId}`;
    const { title, text, language: shown, by } = (await reader.get(`/notices/${id}`)).body;
    return [title, text, shown, by];
  };
  assert.deepEqual(await inLanguage('ko'), ['점검', '월요일', 'ko', 'house']);
  assert.deepEqual(await inLanguage('zh'), ['Maintenance', 'On <b>Monday</b>', 'en', 'house']);
  assert.deepEqual(await inLanguage('en'), ['Maintenance', 'On <b>Monday</b>', 'en', 'house']);
  const own = await written(await rig.of('root'), { audience: 'subtree' });
  assert.deepEqual(
    [
      (await reader.get(`/notices/${own}`)).body.by,
      (await (await rig.of('root')).get(`/notices/${own}`)).body.by,
    ],
    ['upline', 'own'],
  );
});

test('from and until, pinned first, by key', async () => {
  const house = await rig.house('owner');
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const reader = await rig.of('other', 'agent_staff', 'olga');
  const later = await written(house, { fromAt: at(1) });
  const brief = await written(house, { fromAt: at(-2), untilAt: at(1) });
  await rig.sql`update office_notice set until_at = now() - interval '1 minute' where id = ${brief}`;
  const pinned = await written(house, { fromAt: at(-300), pinned: true });
  const newest = await written(house);
  const seen = await idsOf(reader);
  assert.ok(!seen.includes(later) && !seen.includes(brief));
  assert.deepEqual([seen[0], seen[1]], [pinned, newest]);
  assert.equal((await reader.get(`/notices/${later}`)).status, 404);
  assert.equal((await reader.post(`/notices/${later}/read`)).status, 404);
  const first = (await reader.get('/notices', { limit: 2 })).body;
  const second = (await reader.get('/notices', { limit: 2, after: first.next })).body;
  assert.deepEqual(
    [...first.rows, ...second.rows].map(({ id }) => id),
    seen.slice(0, 4),
  );
});

test('unread until it is read, or confirmed where that is asked; other words are read anew', async () => {
  const house = await rig.house('owner', 'olive');
  const [one, two] = [await rig.of('a1', 'agent_staff', 'al'), await rig.of('a1', 'agent_staff', 'bea')];
  const unread = async (client: OfficeClient) => (await client.get('/unread')).body.notices;
  const before = [await unread(one), await unread(two)];
  const rise = async () => [await unread(one), await unread(two)].map((n, i) => n - (before[i] ?? 0));
  const id = await written(house, { mustConfirm: true });
  assert.deepEqual(await rise(), [1, 1]);
  await one.post(`/notices/${id}/read`);
  assert.deepEqual(await rise(), [1, 1], 'read is not confirmed');
  await one.post(`/notices/${id}/read`, { confirm: true });
  assert.deepEqual(await rise(), [0, 1]);
  const { rows } = (await two.get('/notices', { unread: 'yes' })).body;
  assert.ok(rows.some((row: { id: number }) => row.id === id));
  const counts = async () => {
    const all = (await house.get('/written-notices', { limit: 500 })).body.rows;
    const { reads, confirmations } = all.find((row: { id: number }) => row.id === id);
    return [reads, confirmations];
  };
  await two.post(`/notices/${id}/read`);
  assert.deepEqual(await counts(), [2, 1]);
  const { audience: _, ...wish } = { ...WISH, mustConfirm: true, pinned: true };
  assert.equal((await house.put(`/notices/${id}`, wish)).status, 200);
  assert.deepEqual(await rise(), [0, 1], 'the same words');
  const other = { ...wish, texts: { en: { title: 'Maintenance', text: 'On Tuesday' } } };
  assert.equal((await house.put(`/notices/${id}`, other)).status, 200);
  assert.deepEqual(
    [await rise(), await counts()],
    [
      [1, 1],
      [0, 0],
    ],
  );
  assert.equal((await house.post(`/notices/${id}/withdraw`)).status, 200);
  assert.equal((await house.post(`/notices/${id}/withdraw`)).body.code, 'conflict');
  assert.equal((await house.put(`/notices/${id}`, other)).body.code, 'conflict');
  assert.deepEqual(await rise(), [0, 0]);
  const lines =
    await rig.sql`select actor, action from audit_log where subject = ${`notice ${id}`} order by n`;
  assert.deepEqual(
    lines.map(({ actor, action }) => [actor, action]),
    [
      ['olive', 'notice.write'],
      ['olive', 'notice.change'],
      ['olive', 'notice.change'],
      ['olive', 'notice.withdraw'],
    ],
  );
});

test('an agent looks after its own and those of agents below, nobody else’s', async () => {
  const [root, a] = [await rig.of('root'), await rig.of('a')];
  const [of, from] = [
    await written(a, { audience: 'subtree' }),
    await written(root, { audience: 'subtree' }),
  ];
  const { audience: _, ...wish } = WISH;
  for (const tried of [
    await a.put(`/notices/${from}`, wish),
    await a.post(`/notices/${from}/withdraw`),
    await (await rig.of('b')).put(`/notices/${of}`, wish),
    await (await rig.of('other')).post(`/notices/${of}/withdraw`),
  ])
    assert.equal(tried.status, 404);
  const ids = (await a.get('/written-notices', { limit: 500 })).body.rows.map(({ id }: { id: number }) => id);
  assert.ok(ids.includes(of) && !ids.includes(from));
  assert.equal((await root.post(`/notices/${of}/withdraw`)).status, 200);
});
