/** Files with messages: what is taken, by its bytes; how much; who is given it, and how. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { safeName, sniff } from '../../src/core/office/sniff.ts';
import { forgetLooseAttachments } from '../../src/db/office-attachment.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const PNG = bytes('\x89PNG\r\n\x1a\n rest');

test('what a file is, is told by its bytes', () => {
  const table: readonly (readonly [string | Buffer, string, string | null])[] = [
    [PNG, 'a.html', 'image/png'],
    ['\xff\xd8\xff\xe0 rest', 'a.jpg', 'image/jpeg'],
    ['GIF87a rest', 'a', 'image/gif'],
    ['GIF89a rest', 'a', 'image/gif'],
    ['RIFF\x10\x00\x00\x00WEBPVP8 ', 'a', 'image/webp'],
    ['RIFF\x10\x00\x00\x00WAVEfmt ', 'a.webp', null],
    ['%PDF-1.7 rest', 'a.txt', 'application/pdf'],
    ['plain words', 'a.png', 'text/plain'],
    ['a,b\r\n1,2\r\n', 'a.csv', 'text/csv'],
    ['a,b\r\n1,2\r\n', 'A.CSV', 'text/csv'],
    [Buffer.from('\ufeff한국어, 繁體, 🎰\ttab\n'), 'a.txt', 'text/plain'],
    ['', 'a.txt', null],
    ['\xff\xfea\x00', 'a.txt', null],
    ['a\x00b', 'a.txt', null],
    ['\xc3\x28', 'a.txt', null],
    ['MZ\x90\x00', 'a.exe', null],
    ['PK\x03\x04', 'a.zip', null],
    ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'a.svg', null],
    ['<?xml version="1.0"?><svg/>', 'a.png', null],
    [' \n <!DOCTYPE html><p>', 'a.txt', null],
    ['\xef\xbb\xbf<HTML>', 'a.txt', null],
    ['words first <ScRiPt>alert(1)</script>', 'a.txt', null],
    ['<p onclick=1>', 'a.txt', null],
    ['1 < 2, and 3 > 2', 'a.txt', 'text/plain'],
  ];
  for (const [content, name, type] of table) {
    const given = typeof content === 'string' ? bytes(content) : content;
    assert.equal(sniff(given, name), type, JSON.stringify([name, given.toString('latin1').slice(0, 30)]));
  }
});

test('a name has no path and ends as what it is', () => {
  assert.equal(safeName('photo.PNG', 'image/png'), 'photo.PNG');
  assert.equal(safeName('C:\\temp\\a.html', 'image/png'), 'a.html.png');
  assert.equal(safeName('../../etc/passwd', 'text/plain'), 'passwd.txt');
  assert.equal(safeName('.htaccess', 'text/plain'), 'file.txt');
  assert.equal(safeName('a"b;c.jpeg', 'image/jpeg'), 'a_b;c.jpeg');
  assert.equal(safeName('영수증.pdf', 'application/pdf'), '영수증.pdf');
});

let rig: OfficeRig;
before(async () => {
  rig = await openRig();
});
after(() => rig.close());

const put = (client: OfficeClient, body: Buffer, name = 'a.png') =>
  client.call('POST', '/attachments', { query: { name }, body });

async function sent(client: OfficeClient, ids: readonly number[]) {
  const opening = { subject: 'A file', category: 'other', text: 'see', attachments: ids };
  return client.post('/inquiries', opening);
}

test('a file goes with a message, and is given to both sides alone', async () => {
  const [asker, upline] = [await rig.of('a1'), await rig.of('a')];
  const { status, body } = await put(asker, PNG, '영수증.html');
  assert.equal(status, 200);
  assert.deepEqual([body.name, body.type, body.size], ['영수증.html.png', 'image/png', PNG.length]);
  const at = `/attachments/${body.id}`;
  // Not sent yet: for whoever put it.
  assert.equal((await asker.get(at)).status, 200);
  for (const client of [upline, await rig.of('a1', 'agent_staff'), await rig.house('owner')])
    assert.equal((await client.get(at)).status, 404);
  assert.equal((await sent(upline, [body.id])).status, 404);
  const id = (await sent(asker, [body.id])).body.id;
  assert.equal((await sent(asker, [body.id])).status, 404, 'sent once');
  const [{ attachments }] = (await upline.get(`/inquiries/${id}`)).body.messages;
  assert.deepEqual(attachments, [
    { id: body.id, name: '영수증.html.png', type: 'image/png', size: PNG.length },
  ]);
  for (const client of [asker, upline, await rig.of('a1', 'agent_staff'), await rig.house('read')])
    assert.equal((await client.get(at)).status, 200);
  for (const branch of ['root', 'b', 'other'] as const)
    assert.equal((await (await rig.of(branch)).get(at)).status, 404);
  assert.equal((await rig.stranger().get(at)).status, 401);
});

test('it is handed out as a file; a picture may be shown, and nothing in it runs', async () => {
  const asker = await rig.of('a1');
  const picture = (await put(asker, PNG)).body.id;
  const text = (await put(asker, Buffer.from('가나다 words'), 'a.txt')).body.id;
  const saved = await asker.get(`/attachments/${picture}`);
  const shown = await asker.get(`/attachments/${picture}`, { inline: 'yes' });
  const read = await asker.get(`/attachments/${text}`, { inline: 'yes' });
  assert.equal(read.text, '가나다 words');
  const header = (answer: typeof read, name: string) => answer.headers.get(name);
  assert.match(header(saved, 'content-disposition') ?? '', /^attachment; filename="a\.png"/);
  assert.match(header(shown, 'content-disposition') ?? '', /^inline;/);
  assert.match(header(read, 'content-disposition') ?? '', /^attachment;/);
  for (const answer of [saved, shown, read]) {
    assert.equal(header(answer, 'x-content-type-options'), 'nosniff');
    assert.equal(header(answer, 'content-security-policy'), "sandbox; default-src 'none'");
    assert.match(header(answer, 'cache-control') ?? '', /no-store/);
  }
  assert.equal(header(shown, 'content-type'), 'image/png');
  assert.match(header(read, 'content-type') ?? '', /^text\/plain; charset=utf-8$/);
});

test('what is not taken leaves nothing', async () => {
  const asker = await rig.of('b');
  const count = async () => (await rig.sql`select count(*)::int as n from office_attachment`)[0]?.n;
  const before = await count();
  assert.equal(
    (await put(asker, Buffer.from('<svg onload=alert(1)>'), 'a.png')).body.code,
    'invalid_request',
  );
  assert.equal((await put(asker, Buffer.alloc(0))).status, 422);
  assert.equal((await asker.call('POST', '/attachments', { query: { name: 'a' } })).status, 422);
  assert.equal((await asker.call('POST', '/attachments', { body: PNG })).status, 422);
  assert.equal((await put(asker, PNG, 'a\nb')).status, 422);
  const huge = Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]);
  assert.equal((await put(asker, huge)).body.code, 'too_large');
  assert.equal((await put(await rig.house('read'), PNG)).body.code, 'forbidden');
  const forged = await asker.call('POST', '/attachments', {
    query: { name: 'a.png' },
    body: PNG,
    headers: {},
  });
  assert.equal(forged.body.code, 'csrf');
  assert.equal(await count(), before);
});

test('a person puts so much a day, also many at once', async () => {
  const [asker, other] = [await rig.of('b', 'agent_staff'), await rig.of('b')];
  await rig.sql`insert into office_attachment (person, agent_id, name, type, size, bytes)
    select ${asker.person}, ${rig.agents.b.id}, 'old', 'text/plain', 5242880, 'x' from generate_series(1, 19)`;
  const block = Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]);
  const { puts } = await rig.sql.begin(async (tx) => {
    // All five are held up where they would be written, then go on together.
    await tx`lock table office_attachment in share mode`;
    const puts = Array.from({ length: 5 }, () => put(asker, block));
    const until = Date.now() + 20_000;
    const waiting = async () =>
      (
        await tx`select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database
          where not granted and datname = current_database()`
      )[0]?.n;
    while ((await waiting()) < 5) assert.ok(Date.now() < until, 'five come to wait');
    return { puts };
  });
  const statuses = (await Promise.all(puts)).map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), [200, 200, 429, 429, 429]);
  assert.equal((await put(other, PNG)).status, 200);
});

test('what is sent with nothing is gone after a day, what was sent stays', async () => {
  const asker = await rig.of('a1');
  const [loose, fresh, kept] = [await put(asker, PNG), await put(asker, PNG), await put(asker, PNG)];
  await sent(asker, [kept.body.id]);
  await rig.sql`update office_attachment set at = now() - interval '25 hours' where id in (${loose.body.id}, ${kept.body.id})`;
  assert.ok((await forgetLooseAttachments(rig.sql)) >= 1);
  const status = async ({ body }: typeof loose) => (await asker.get(`/attachments/${body.id}`)).status;
  assert.deepEqual([await status(loose), await status(fresh), await status(kept)], [404, 200, 200]);
});
