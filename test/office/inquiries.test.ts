/** Inquiries between an agent's people and its direct upline's: their course, who sees them, what is new to whom. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const OPENING = { subject: 'A bet is missing', category: 'bet', text: 'Where is it?' };

async function opened(client: OfficeClient, more: object = {}): Promise<number> {
  const answer = await client.post('/inquiries', { ...OPENING, ...more });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.id;
}

const show = async (client: OfficeClient, id: number) => (await client.get(`/inquiries/${id}`)).body;
const write = (client: OfficeClient, id: number, text: string) =>
  client.post(`/inquiries/${id}/messages`, { text });
const unread = async (client: OfficeClient) => (await client.get('/unread')).body.inquiries;
const read = async (client: OfficeClient, id: number) => {
  const { messages } = await show(client, id);
  return client.post(`/inquiries/${id}/read`, { messageId: messages.at(-1).id });
};

test('asked, answered, asked again, closed, and opened by a word more', async () => {
  const [asker, upline] = [await rig.of('a1'), await rig.of('a')];
  const id = await opened(asker, { priority: 'urgent' });
  const { thread, side, acts } = await show(upline, id);
  assert.deepEqual([thread.state, side, acts], ['open', 'answerer', ['write', 'close']]);
  assert.deepEqual(
    [thread.agent, thread.answerer, thread.priority, thread.answeredAt],
    ['branch-a1', 'branch-a', 'urgent', null],
  );
  assert.equal((await write(upline, id, 'Here')).status, 200);
  const answered = (await show(asker, id)).thread;
  assert.equal(answered.state, 'answered');
  assert.ok(answered.answeredAt >= answered.openedAt);
  assert.equal((await write(asker, id, 'I do not see it')).status, 200);
  assert.equal((await show(asker, id)).thread.state, 'open');
  assert.equal((await asker.post(`/inquiries/${id}/close`)).status, 200);
  assert.equal((await asker.post(`/inquiries/${id}/close`)).body.code, 'conflict');
  assert.equal((await write(upline, id, 'One thing more')).status, 200);
  const { thread: again, messages } = await show(asker, id);
  assert.deepEqual(
    messages.map(({ act, side, mine }: Record<string, unknown>) => [act, side, mine]),
    [
      ['write', 'asker', true],
      ['write', 'answerer', false],
      ['write', 'asker', true],
      ['close', 'asker', true],
      ['write', 'answerer', false],
    ],
  );
  assert.deepEqual([again.state, again.messages, again.answeredAt], ['answered', 4, answered.answeredAt]);
});

test('nobody but the two sides sees one, and the house looks on', async () => {
  const id = await opened(await rig.of('a1'));
  const house = await rig.house('support');
  for (const branch of ['root', 'b', 'other'] as const) {
    const client = await rig.of(branch);
    const tried = [
      await client.get(`/inquiries/${id}`),
      await write(client, id, 'hello'),
      await client.post(`/inquiries/${id}/close`),
      await client.post(`/inquiries/${id}/read`, { messageId: 1 }),
      await client.patch(`/inquiries/${id}`, { priority: 'low' }),
      await client.get(`/desk/${id}`),
    ];
    assert.deepEqual(
      tried.map(({ status }) => status),
      tried.map(() => 404),
      branch,
    );
    const { rows } = (await client.get('/inquiries')).body;
    assert.ok(!rows.some((row: { id: number }) => row.id === id), branch);
    assert.ok(!(await client.get('/inquiries/export', { format: 'csv' })).text.includes(OPENING.subject));
  }
  const { thread, side, acts } = await show(house, id);
  assert.deepEqual([thread.id, side, acts], [id, null, []]);
  assert.equal((await write(house, id, 'let me')).body.code, 'forbidden');
  assert.equal((await show(await rig.of('a1', 'agent_staff'), id)).side, 'asker');
  // Staff of the upline look on: their role does not answer.
  assert.equal((await show(await rig.of('a', 'agent_staff'), id)).side, null);
  assert.equal((await write(await rig.of('a', 'agent_staff'), id, 'hm')).body.code, 'forbidden');
});

test('the people of an agent are not told who is above them', async () => {
  const id = await opened(await rig.of('a1'));
  const { thread } = await show(await rig.of('a1'), id);
  assert.deepEqual([thread.answerer, thread.answererId, thread.withHouse], [null, null, false]);
  assert.equal((await show(await rig.house('read'), id)).thread.answerer, 'branch-a');
});

test('a root agent’s upline is the house; an upline may begin, but only right below', async () => {
  const [root, finance] = [await rig.of('root'), await rig.house('finance')];
  const id = await opened(root);
  assert.equal((await show(finance, id)).side, 'answerer');
  assert.equal((await write(finance, id, 'yes?')).status, 200);
  const below = await opened(root, { agent: rig.agents.a.id });
  assert.deepEqual(
    [(await show(root, below)).side, (await show(await rig.of('a'), below)).thread.state],
    ['answerer', 'answered'],
  );
  const code = async (client: OfficeClient, agent: number | undefined) =>
    (await client.post('/inquiries', { ...OPENING, ...(agent === undefined ? {} : { agent }) })).body.code;
  assert.equal(await code(root, rig.agents.a1.id), 'refused');
  assert.equal(await code(root, rig.agents.other.id), 'not_found');
  assert.equal(await code(await rig.of('a'), rig.agents.root.id), 'not_found');
  assert.equal(await code(finance, undefined), 'invalid_request');
  assert.equal(await code(finance, rig.agents.a.id), 'refused');
  assert.equal(await code(await rig.of('root', 'agent_staff'), rig.agents.a.id), 'forbidden');
  assert.equal(await code(await rig.house('read'), rig.agents.root.id), 'forbidden');
});

test('for a player of one’s own, about a bet: of another’s there is none', async () => {
  const asker = await rig.of('a');
  const about = { kind: 'transaction', id: '3000000001' };
  const id = await opened(asker, { player: rig.players.a1.id, about });
  const { thread } = await show(await rig.of('root'), id);
  assert.deepEqual(
    [thread.player, thread.aboutKind, thread.aboutId],
    ['player-a1', 'transaction', '3000000001'],
  );
  for (const branch of ['root', 'b', 'other'] as const) {
    const answer = await asker.post('/inquiries', { ...OPENING, player: rig.players[branch].id });
    assert.equal(answer.status, 404, branch);
    assert.equal((await asker.get('/inquiries', { player: rig.players[branch].id })).status, 404);
  }
  const found = await asker.get('/inquiries', { player: rig.players.a1.id });
  assert.deepEqual(
    found.body.rows.map((row: { id: number }) => row.id),
    [id],
  );
});

test('what is said travels as it is, and is bounded', async () => {
  const asker = await rig.of('b');
  const texts = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'javascript:alert(1) {{7*7}} \u202e‮ 한국어 繁體 🎰',
    `'; drop table office_thread; --\nsecond line\ttab`,
  ];
  for (const text of texts) {
    const subject = text.replace(/[\n\t]/g, ' ');
    const id = await opened(asker, { subject, text });
    const { thread, messages } = await show(asker, id);
    assert.deepEqual([thread.subject, messages[0].text], [subject, text]);
  }
  const refused: readonly [object, number][] = [
    [{ text: '' }, 422],
    [{ text: '  \n ' }, 422],
    [{ text: 'a'.repeat(10_001) }, 422],
    [{ subject: '' }, 422],
    [{ subject: 'a'.repeat(201) }, 422],
    [{ subject: 'two\nlines' }, 422],
    [{ text: 'a\u0000b' }, 422],
    [{ category: 'else' }, 422],
    [{ more: 1 }, 422],
    [{ attachments: [1, 2, 3, 4, 5, 6] }, 422],
    [{ attachments: [999_999] }, 404],
  ];
  for (const [more, status] of refused)
    assert.equal(
      (await asker.post('/inquiries', { ...OPENING, ...more })).status,
      status,
      JSON.stringify(more).slice(0, 60),
    );
  assert.equal(await opened(asker, { text: 'a'.repeat(10_000) }).then((id) => id > 0), true);
});

test('a message with a file that is not there leaves nothing', async () => {
  const asker = await rig.of('b');
  const id = await opened(asker);
  const answer = await asker.post(`/inquiries/${id}/messages`, { text: 'see', attachments: [123_456] });
  assert.equal(answer.status, 404);
  const { thread, messages } = await show(asker, id);
  assert.deepEqual([thread.messages, messages.length], [1, 1]);
});

test('news are each person’s own, and go when read, over two nodes', async () => {
  const [asker, colleague] = [
    await rig.of('a1', 'agent_owner', 'ann'),
    await rig.of('a1', 'agent_staff', 'bo'),
  ];
  const upline = await rig.of('a', 'agent_owner', 'cy');
  const before = [await unread(asker), await unread(colleague), await unread(upline)];
  const rise = async () =>
    [await unread(asker), await unread(colleague), await unread(upline)].map((n, i) => n - (before[i] ?? 0));
  const id = await opened(asker);
  assert.deepEqual(await rise(), [0, 1, 1]);
  await read(upline, id);
  assert.deepEqual(await rise(), [0, 1, 0]);
  await write(upline, id, 'an answer');
  assert.deepEqual(await rise(), [1, 1, 0]);
  const { url } = await rig.world.secondHub();
  const elsewhere = await fetch(`${url}/office/v1/unread`, {
    headers: { cookie: `croupier_office=${asker.cookie()}` },
  });
  assert.equal(((await elsewhere.json()) as { inquiries: number }).inquiries, 1 + (before[0] ?? 0));
  const { rows } = (await asker.get('/inquiries', { unread: 'yes' })).body;
  assert.ok(rows.some((row: { id: number; unread: boolean }) => row.id === id && row.unread));
  await read(asker, id);
  assert.deepEqual(await rise(), [0, 1, 0]);
  // Read up to an older message: not further than before, not back.
  const [first] = (await show(asker, id)).messages;
  assert.equal((await asker.post(`/inquiries/${id}/read`, { messageId: first.id })).status, 200);
  assert.deepEqual(await rise(), [0, 1, 0]);
  const { waiting } = (await upline.get('/waiting')).body;
  assert.ok(waiting.some(({ what }: { what: string }) => what === 'inquiries'));
});

test('pages by key, forwards and backwards, are the whole list in its order', async () => {
  const [asker, upline] = [await rig.of('b'), await rig.of('root')];
  for (let n = 0; n < 23; n++)
    await opened(asker, {
      subject: `Page ${n % 3} of many`,
      priority: ['urgent', 'high', 'normal', 'low'][n % 4],
    });
  for (const order of ['activity', 'opened', 'urgency']) {
    const forwards: number[] = [];
    const cursors: string[] = [];
    let after = '';
    do {
      const page = (
        await upline.get('/inquiries', {
          order,
          limit: 7,
          begins: 'page',
          ...(after === '' ? {} : { after }),
        })
      ).body;
      forwards.push(...page.rows.map((row: { id: number }) => row.id));
      if (page.previous !== null) cursors.push(page.previous);
      after = page.next ?? '';
    } while (after !== '');
    const columns = {
      activity: 'activity_at desc, id desc',
      opened: 'opened_at, id',
      urgency: 'urgency, opened_at, id',
    };
    const all = await rig.sql`select id from office_thread where subject like 'Page%'
      order by ${rig.sql.unsafe(columns[order as 'opened'])}`;
    assert.deepEqual(
      forwards,
      all.map((row) => Number(row.id)),
      order,
    );
    const back = (
      await upline.get('/inquiries', { order, limit: 7, begins: 'page', before: cursors[1] ?? '' })
    ).body;
    assert.deepEqual(
      back.rows.map((row: { id: number }) => row.id),
      forwards.slice(7, 14),
      order,
    );
  }
  const totals = await upline.get('/inquiries/totals', { begins: 'page 1' });
  assert.deepEqual(totals.body, { count: 8, more: false });
  const none = await upline.get('/inquiries', { begins: '%' });
  assert.deepEqual(none.body.rows, []);
  assert.equal((await upline.get('/inquiries', { agent: rig.agents.other.id })).status, 404);
  const ofOne = (await upline.get('/inquiries', { agent: rig.agents.b.id, limit: 500 })).body.rows;
  assert.ok(ofOne.every((row: { agent: string }) => row.agent === 'branch-b'));
});

test('an agent has so many open threads, and one so many messages', async () => {
  const asker = await rig.of('other');
  await rig.sql`insert into office_thread (kind, agent_id, subject, category, state, opened_by)
    select 'inquiry', ${rig.agents.other.id}, 'filler', 'other', 'open', 'test' from generate_series(1, 199)`;
  const id = await opened(asker);
  assert.equal((await asker.post('/inquiries', OPENING)).body.code, 'too_many');
  await rig.sql`update office_thread set messages = 300 where id = ${id}`;
  assert.equal((await write(asker, id, 'more')).body.code, 'too_many');
  await rig.sql`delete from office_thread where subject = 'filler'`;
});

test('what is done leaves its line; what is said does not', async () => {
  const [asker, upline] = [await rig.of('a1'), await rig.of('a')];
  const id = await opened(asker);
  await upline.patch(`/inquiries/${id}`, { priority: 'high' });
  await write(upline, id, 'secret words');
  await asker.post(`/inquiries/${id}/close`);
  const lines =
    await rig.sql`select actor, action, detail from audit_log where subject = ${`inquiry ${id}`} order by n`;
  assert.deepEqual(
    lines.map((line) => [line.actor, line.action]),
    [
      [asker.person, 'inquiry.open'],
      [upline.person, 'inquiry.sort'],
      [asker.person, 'inquiry.close'],
    ],
  );
  assert.deepEqual(
    [lines[1]?.detail.before.priority, lines[1]?.detail.after.priority, lines[1]?.detail.agentId],
    ['normal', 'high', rig.agents.a1.id],
  );
  assert.ok(!JSON.stringify(lines).includes('secret words'));
});
