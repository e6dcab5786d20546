import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { writeReport } from '#report/write-report.ts';
import { makeBundle, operationEntries } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { browserProgram } from '#test/servers/browser.ts';

const HOSTILE = 'SELECT \'</script><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\' -- \u202eevil\u202c \u200bhidden';

describe('the report in a real browser', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: browserProgram(), args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  it('shows operations and terminal, filters and finds, and lets nothing of the bundle run', async (t) => {
    const parent = temporaryFolder(t);
    const [, allow] = operationEntries();
    assert.ok(allow?.kind === 'decision');
    const more = [{ ...allow, decision: 'd3', outcome: 'deny' as const, statement: HOSTILE, reasons: ['<b>no</b>'] }];
    const { path } = await makeBundle(parent, { more, output: Buffer.from('\x1b[31mred words\x1b[0m </script>\x1b]0;title\x07\r\n') });
    const { page, faults } = await open(parent, path);
    assert.equal(await page.locator('.operations li').count(), 3);
    assert.match((await page.locator('h1').textContent()) ?? '', /Sealed and complete/);
    assert.match((await page.locator('.screen').textContent()) ?? '', /red words\s*<\/script>/);
    const shown = (await page.locator('.operations li pre').last().textContent()) ?? '';
    assert.ok(shown.includes('</script><img src=x') && shown.includes('U+202E') && shown.includes('U+200B'));

    await page.selectOption('select', 'refused');
    assert.equal(await page.locator('.operations li').count(), 2);
    await page.fill('input[type=search]', 'drop table');
    assert.equal(await page.locator('.operations li').count(), 1);
    assert.equal(await page.evaluate('window.pwned'), undefined);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('shows ten thousand operations a part at a time', async (t) => {
    const parent = temporaryFolder(t);
    const [, allow] = operationEntries();
    assert.ok(allow?.kind === 'decision');
    const more = Array.from({ length: 10_000 }, (_, n) => ({ ...allow, decision: `m${n}`, statement: `SELECT ${n}` }));
    const { page, faults } = await open(parent, (await makeBundle(parent, { more })).path);
    assert.equal(await page.locator('.operations li').count(), 200);
    assert.match((await page.locator('output').textContent()) ?? '', /10000 of 10002; 2 more/);
    await page.getByText('Show more').click();
    assert.equal(await page.locator('.operations li').count(), 400);
    assert.deepEqual(faults, []);
    await page.close();
  });

  async function open(parent: string, bundle: string): Promise<{ page: Page; faults: string[] }> {
    const folder = openBundleFolder(bundle);
    const verification = await verifyBundle(folder);
    folder.close();
    const out = join(parent, 'report.html');
    await writeReport(bundle, out, verification);
    const page = await browser.newPage({ colorScheme: 'dark' });
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(out).href && !request.url().startsWith('data:')) faults.push(request.url());
    });
    await page.goto(pathToFileURL(out).href);
    await page.locator('.ap-player, .ap-wrapper').first().waitFor();
    return { page, faults };
  }
});
