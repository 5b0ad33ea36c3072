/** The service desk: the course of a thread, its queue, what the house notes for itself, and answers that are ready. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

let rig: OfficeRig;
let support: OfficeClient;
let finance: OfficeClient;
before(async () => {
  rig = await openRig();
  support = await rig.house('support', 'sue');
  finance = await rig.house('finance', 'fin');
});
after(() => rig.close());

const OPENING = { subject: 'The game does not start', category: 'technical', text: 'It stays white.' };
async function opened(client: OfficeClient, more: object = {}): Promise<number> {
  const answer = await client.post('/desk', { ...OPENING, ...more });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.id;
}
const show = async (client: OfficeClient, id: number) => (await client.get(`/desk/${id}`)).body;
const act = async (client: OfficeClient, id: number, what: string, body: object = {}) => {
  const answer = await client.post(`/desk/${id}/${what}`, body);
  return answer.status === 200 ? 'done' : answer.body.code;
};
const stateOf = async (id: number) => {
  const { thread } = await show(support, id);
  return [thread.state, thread.assignee];
};

test('new, in work, waiting for the agent, solved, closed', async () => {
  const asker = await rig.of('a1', 'agent_staff');
  const id = await opened(asker);
  assert.deepEqual(await stateOf(id), ['new', null]);
  assert.equal(await act(support, id, 'take'), 'done');
  assert.deepEqual(await stateOf(id), ['in_work', 'sue']);
  assert.equal(await act(support, id, 'messages', { text: 'Which browser?' }), 'done');
  assert.deepEqual(await stateOf(id), ['waiting', 'sue']);
  assert.equal(await act(asker, id, 'messages', { text: 'Firefox' }), 'done');
  assert.deepEqual(await stateOf(id), ['in_work', 'sue']);
  assert.equal(await act(support, id, 'take', { to: 'fin' }), 'done');
  assert.equal(await act(support, id, 'take', { to: 'nobody here' }), 'invalid_request');
  assert.equal(await act(finance, id, 'solve'), 'done');
  assert.deepEqual(await stateOf(id), ['solved', 'fin']);
  assert.equal(await act(asker, id, 'messages', { text: 'Not quite' }), 'done');
  assert.equal(await act(finance, id, 'release'), 'done');
  assert.deepEqual(await stateOf(id), ['new', null]);
  assert.equal(await act(asker, id, 'close'), 'done');
  for (const what of ['messages', 'solve', 'take', 'release', 'close'])
    assert.equal(await act(support, id, what, what === 'messages' ? { text: 'x' } : {}), 'conflict', what);
  assert.equal(await act(support, id, 'notes', { text: 'for later' }), 'done');
});

test('whoever answers first looks after it', async () => {
  const id = await opened(await rig.of('b'));
  assert.equal(await act(finance, id, 'messages', { text: 'hello' }), 'done');
  assert.deepEqual(await stateOf(id), ['waiting', 'fin']);
});

test('the house writes to any agent; an agent’s people only for themselves', async () => {
  const id = await opened(support, { agent: rig.agents.a1.id });
  const { thread, side } = await show(await rig.of('a1'), id);
  assert.deepEqual([thread.state, side], ['waiting', 'asker']);
  const code = async (client: OfficeClient, agent?: number) =>
    (await client.post('/desk', { ...OPENING, ...(agent === undefined ? {} : { agent }) })).body.code;
  assert.equal(await code(support), 'invalid_request');
  assert.equal(await code(support, 1), 'not_found');
  assert.equal(await code(await rig.of('a'), rig.agents.a1.id), 'refused');
  assert.equal(await code(await rig.of('a'), rig.agents.b.id), 'not_found');
  assert.equal(await code(await rig.house('trader'), rig.agents.a1.id), 'forbidden');
});

test('a thread is the agent’s and the house’s: uplines do not see it', async () => {
  const id = await opened(await rig.of('a1'));
  for (const branch of ['root', 'a', 'b', 'other'] as const) {
    const client = await rig.of(branch);
    assert.equal((await client.get(`/desk/${id}`)).status, 404, branch);
    for (const what of ['messages', 'notes', 'take', 'release', 'solve', 'close'])
      assert.equal(
        await act(client, id, what, /messages|notes/.test(what) ? { text: 'x' } : {}),
        'not_found',
        `${branch} ${what}`,
      );
    const { rows } = (await client.get('/desk')).body;
    assert.ok(!rows.some((row: { id: number }) => row.id === id));
  }
  for (const what of ['notes', 'take', 'release', 'solve']) {
    const code = await act(await rig.of('a1'), id, what, what === 'notes' ? { text: 'x' } : {});
    assert.ok(code === 'forbidden' || code === 'conflict', `${what}: ${code}`);
  }
  assert.deepEqual(await stateOf(id), ['new', null]);
});

test('of what the house notes for itself, the agent’s people are told nothing, anywhere', async () => {
  const asker = await rig.of('other');
  const id = await opened(asker);
  const everything = async () => {
    const { thread, messages } = await show(asker, id);
    const seen = [
      thread,
      messages,
      (await asker.get('/desk')).body,
      (await asker.get('/desk/totals')).body,
      (await asker.get('/desk/export', { format: 'csv' })).text,
      (await asker.get('/unread')).body,
      (await asker.get('/waiting')).body,
      (await asker.get('/audit')).body.rows,
      (await asker.get('/desk', { unread: 'yes' })).body,
      (await asker.get('/desk', { assignee: 'nobody' })).body,
    ];
    return JSON.stringify(seen);
  };
  await asker.post(`/desk/${id}/read`, { messageId: (await show(asker, id)).messages.at(-1).id });
  await act(support, id, 'take');
  assert.equal((await asker.get('/unread')).body.desk, 0, 'taken is not told');
  const before = await everything();
  const put = await support.call('POST', '/attachments', {
    query: { name: 'note.txt' },
    body: Buffer.from('hidden words'),
  });
  assert.equal(await act(support, id, 'notes', { text: 'hidden words', attachments: [put.body.id] }), 'done');
  assert.equal(await act(support, id, 'take', { to: 'fin' }), 'done');
  assert.equal(await everything(), before);
  assert.equal((await asker.get(`/attachments/${put.body.id}`)).status, 404);
  // A mark beyond what is seen counts as far as what is seen.
  const last = (await show(support, id)).messages.at(-1);
  await asker.post(`/desk/${id}/read`, { messageId: last.id });
  await act(support, id, 'messages', { text: 'seen words' });
  assert.equal((await asker.get('/unread')).body.desk, 1);
  const { messages } = await show(support, id);
  assert.deepEqual(
    messages.map(({ internal, act: what }: Record<string, unknown>) => [internal, what]),
    [
      [false, 'write'],
      [true, 'take'],
      [true, 'note'],
      [true, 'take'],
      [false, 'write'],
    ],
  );
  assert.equal((await finance.get(`/attachments/${put.body.id}`)).text, 'hidden words');
  const lines =
    await rig.sql`select action, detail ? 'agentId' as told from audit_log where subject = ${`desk ${id}`} order by n`;
  assert.deepEqual(
    lines.map(({ action, told }) => [action, told]),
    [
      ['desk.open', true],
      ['desk.take', false],
      ['desk.note', false],
      ['desk.take', false],
    ],
  );
  assert.ok(!JSON.stringify(lines).includes('hidden'));
});

test('the house hears of what is its own and of what nobody has taken', async () => {
  const desk = async (client: OfficeClient) => (await client.get('/unread')).body.desk;
  const [sue, fin, read] = [await desk(support), await desk(finance), await desk(await rig.house('read'))];
  const id = await opened(await rig.of('a'), { priority: 'urgent' });
  assert.deepEqual([(await desk(support)) - sue, (await desk(finance)) - fin], [1, 1]);
  assert.deepEqual([read, await desk(await rig.house('read'))], [0, 0]);
  await act(support, id, 'take');
  assert.deepEqual([(await desk(support)) - sue, (await desk(finance)) - fin], [0, 0]);
  const mine = (await support.get('/desk', { assignee: 'me', state: 'live', order: 'urgency' })).body.rows;
  assert.equal(mine[0].id, id);
  const nobodys = (await support.get('/desk', { assignee: 'nobody' })).body.rows;
  assert.ok(nobodys.every((row: { assignee: null }) => row.assignee === null));
  const people = (await support.get('/desk-people')).body.people.map(({ name }: { name: string }) => name);
  assert.deepEqual(people, ['fin', 'sue']);
  assert.equal((await (await rig.of('a')).get('/desk-people')).body.code, 'forbidden');
});

test('two who take one at the same time: one after the other, and the line says both', async () => {
  const id = await opened(await rig.of('a'));
  const results = await Promise.all([act(support, id, 'take'), act(finance, id, 'take')]);
  assert.deepEqual(results, ['done', 'done']);
  const { thread, messages } = await show(support, id);
  assert.equal(thread.assignee, messages.at(-1).by);
});

test('ready answers: all read what is published, the house writes and sees the rest', async () => {
  const FAQ = {
    category: 'money',
    rank: 5,
    texts: {
      en: { question: 'How do I get POT?', answer: 'Ask <b>your</b> upline.' },
      ko: { question: 'POT 충전?', answer: '상위에 문의' },
    },
    published: true,
  };
  const made = (await support.post('/faq', FAQ)).body.id;
  const hidden = (await support.post('/faq', { ...FAQ, rank: 1, published: false })).body.id;
  const reader = await rig.of('b', 'agent_staff');
  const ids = async (client: OfficeClient, query = {}) =>
    (await client.get('/faq', query)).body.rows.map(({ id }: { id: number }) => id);
  assert.deepEqual(await ids(reader), [made]);
  assert.deepEqual(await ids(support), [hidden, made]);
  assert.deepEqual(await ids(reader, { contains: '충전' }), [made]);
  assert.deepEqual(await ids(reader, { contains: 'YOUR</B>' }), [made]);
  assert.deepEqual(await ids(reader, { contains: '_%' }), []);
  assert.deepEqual(await ids(reader, { category: 'bet' }), []);
  await rig.sql`update office_user set language = 'ko' where id = ${reader.userId}`;
  const [row] = (await reader.get('/faq')).body.rows;
  assert.deepEqual([row.question, row.answer], ['POT 충전?', '상위에 문의']);
  await rig.sql`update office_user set language = 'zh' where id = ${reader.userId}`;
  assert.equal((await reader.get('/faq')).body.rows[0].answer, 'Ask <b>your</b> upline.');
  const agent = await rig.of('b');
  for (const tried of [
    await agent.post('/faq', FAQ),
    await agent.put(`/faq/${made}`, FAQ),
    await agent.del(`/faq/${made}`),
  ])
    assert.equal(tried.body.code, 'forbidden');
  assert.equal((await support.put(`/faq/${made}`, { ...FAQ, texts: {} })).status, 422);
  assert.equal((await support.put(`/faq/${made}`, { ...FAQ, published: false })).status, 200);
  assert.deepEqual(await ids(reader), []);
  assert.equal((await support.del(`/faq/${made}`)).status, 200);
  assert.equal((await support.del(`/faq/${made}`)).status, 404);
  assert.deepEqual(await ids(support), [hidden]);
});
