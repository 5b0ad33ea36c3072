/** The test browser itself: it draws Korean, reaches loopback and nothing else, and leaves no file behind. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, screenshot } from './browser.ts';

const PAGE = `<!doctype html><meta charset="utf-8"><title>시험</title>
<body style="font: 24px sans-serif"><p>가나다 한국어 잔액 1,234,567원</p><p><b>굵은 글씨</b> plain text</p>
<p>繁體中文 餘額 投注 派彩 提款 存款</p><canvas id="c"></canvas>`;

/** Whether two different characters are drawn alike, as boxes are. Text, because the types of a page are not ours. */
async function drawnAlike(page: Page, pair: readonly [string, string]): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const draw = (text) => {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d');
      context.font = '48px sans-serif';
      context.fillText(text, 10, 60);
      return canvas.toDataURL();
    };
    return draw('${pair[0]}') === draw('${pair[1]}');
  })()`);
}

/** A temporary folder of this file's own: other browsers may be open beside it. */
const home = mkdtempSync(join(tmpdir(), 'croupier-smoke-'));
chmodSync(home, 0o755);
process.env.TMPDIR = home;
after(() => rmSync(home, { recursive: true, force: true }));

test('Korean is drawn, loopback is reached, nothing else is, nothing is left behind', {
  timeout: 120_000,
}, async (t) => {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end(PAGE),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');

  const browser = await openBrowser();
  t.after(() => browser.close());
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  assert.equal(await page.title(), '시험');
  assert.equal(await drawnAlike(page, ['가', '나']), false);
  assert.equal(await drawnAlike(page, ['餘', '額']), false);
  assert.equal(await page.evaluate(`document.createElement('canvas').getContext('webgl') !== null`), true);
  await assert.rejects(page.goto('http://example.com/'), /ERR_NAME_NOT_RESOLVED/);
  await assert.rejects(page.goto('http://192.0.2.1/'), /ERR_NAME_NOT_RESOLVED/);

  const again = await (await browser.newContext()).newPage();
  await again.goto(`http://localhost:${address.port}/`);
  const shot = await readFile(await screenshot(again, 'browser-smoke'));
  assert.equal(shot.subarray(1, 4).toString(), 'PNG');
  await assert.rejects(screenshot(again, '../elsewhere'), /name/);
  await context.close();

  const gone = new Promise((resolve) => browser.once('disconnected', resolve));
  await browser.close();
  await gone;
  assert.deepEqual(await readdir(home), []);
});
