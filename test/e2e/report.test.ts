import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import type { AuditEntry, DecisionEntry, Link } from '#core/audit/entry.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { writeReport } from '#report/write-report.ts';
import { type BundleOptions, type Genesis, makeBundle, operationEntries } from '#test/fixtures/bundle.ts';
import { Delegations } from '#test/fixtures/delegations.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { browserProgram } from '#test/servers/browser.ts';

/** Longest that a page may take to be ready, in milliseconds: far more than it does, on a machine that is busy. */
const READY_MS_MAX = 20_000;

const MARKUP = '</script><img src=x onerror="window.pwned=1"><script>window.pwned=1</script><svg onload=window.pwned=1>';
/** Hidden or reordering: bidi, zero width, tag, filler, separator, control, spaces that are none. */
const HIDDEN = ['\u202e', '\u2066', '\u200b', '\u{e0041}', '\u3164', '\u2028', '\u001b', '\u00a0', '\u2800'];

function decision(change: Partial<DecisionEntry>): DecisionEntry {
  const [, allowed] = operationEntries();
  assert.ok(allowed?.kind === 'decision');
  return { ...allowed, ...change };
}

function denied(id: string, statement: string, change: Partial<DecisionEntry> = {}): DecisionEntry {
  return decision({
    decision: id,
    outcome: 'deny',
    rules: ['reader.deny[0]'],
    reasons: ['denied-by-rule reader.deny[0]'],
    statement,
    ...change,
  });
}

type Opened = {
  readonly page: Page;
  /** Whatever the page complained of, asked for or was kept from. */
  readonly faults: string[];
};

describe('the report in a real browser', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: browserProgram(), args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  async function open(t: TestContext, options: BundleOptions, change: (path: string) => void = () => {}): Promise<Opened> {
    const parent = temporaryFolder(t);
    const { path } = await makeBundle(parent, options);
    change(path);
    const folder = openBundleFolder(path);
    const verification = await verifyBundle(folder);
    folder.close();
    const out = join(parent, 'report.html');
    await writeReport(path, out, verification);
    const address = pathToFileURL(out).href;
    const page = await browser.newPage({ colorScheme: 'dark' });
    t.after(() => page.close());
    const faults: string[] = [];
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('crash', () => faults.push('crashed'));
    page.on('request', (request) => {
      if (request.url() !== address) faults.push(request.url());
    });
    await page.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => console.error(event.violatedDirective, event.blockedURI))`,
    );
    await page.goto(address);
    await page.locator('#connections').waitFor({ timeout: READY_MS_MAX });
    return { page, faults };
  }

  const statements = (page: Page) => page.locator('.operations li pre').allTextContents();

  it('shows who did what and what became of it, and asks nobody for anything', async (t) => {
    const { page, faults } = await open(t, {});
    assert.match((await page.locator('h1').textContent()) ?? '', /Sealed and complete/);
    assert.match(await page.title(), /Sealed and complete.*duty-gate report/);
    assert.deepEqual(await statements(page), ['SELECT * FROM orders', 'DROP TABLE orders']);
    const [allowed, refused] = await page.locator('.operations li').allTextContents();
    assert.match(
      allowed ?? '',
      /allowed.*read public\.orders.*on orders-db.*2 rows.*3 values masked.*1\.0 ms.*rule reader\.allow\[0\].*command 0/,
    );
    assert.match(refused ?? '', /refused.*drop public\.orders.*No rule allows it/);
    assert.match((await page.locator('#connections tbody tr').first().textContent()) ?? '', /orders-db.*closed/);
    assert.match((await page.locator('.facts').first().textContent()) ?? '', /Dutyreader.*Whosomeone/);
    assert.deepEqual(faults, []);
  });

  it('puts effects and objects before the words of the client (R14)', async (t) => {
    const { page } = await open(t, { more: [denied('d3', 'SELECT 1 -- harmless')] });
    const item = page.locator('.operations li').last();
    const order = await item.evaluate((element: { readonly textContent: string }) => element.textContent);
    assert.ok(order.indexOf('read public.orders') < order.indexOf('harmless'));
    assert.ok(order.indexOf('Denied by rule') < order.indexOf('harmless'));
  });

  it('lets nothing of a bundle run, hide or move (R14)', async (t) => {
    const statement = `SELECT '${MARKUP}' ${HIDDEN.map((character) => `a${character}b`).join(' ')} e\u0301\u0301\u0301\u0301\u0301\u0301 \u05d0\u05d1 = 1`;
    const hostile: AuditEntry[] = [
      { kind: 'connection', connection: 'cx', link: '0', target: MARKUP, event: 'refused', why: MARKUP },
      denied('d3', statement, { target: MARKUP, rules: [MARKUP], reasons: [MARKUP], parameters: [MARKUP] }),
      denied('d4', 'x', { pairs: [{ effect: 'drop', object: { kind: 'relation', path: ['public', MARKUP] } }] }),
    ];
    const tamper = { claims: { sub: 'someone', [MARKUP.slice(0, 40)]: MARKUP } };
    const { page, faults } = await open(t, {
      more: hostile,
      tamper: (entry) => ({ ...entry, ...tamper }),
      output: Buffer.from(`${MARKUP}\r\n`),
    });
    const [, , shown = ''] = await statements(page);
    assert.ok(shown.includes(MARKUP));
    const wanted = HIDDEN.map((character) => `aU+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}b`);
    for (const mark of wanted) assert.ok(shown.includes(mark), `${mark} in ${shown}`);
    assert.ok(shown.includes('e\u0301\u0301\u0301\u0301U+0301U+0301'));
    assert.equal(await page.locator('img, svg[onload], script[src], iframe, object, embed').count(), 0);
    const moved = await page.evaluate(`getComputedStyle(document.querySelectorAll('.operations li pre')[2]).unicodeBidi`);
    assert.equal(moved, 'isolate-override');
    const half = await page.evaluate(`dutyGateReport.put(document.createElement('p'), 'b', 'a\\ud800b').textContent`);
    assert.equal(half, 'aU+D800b'); // no audit can hold one
    assert.equal(await page.evaluate('window.pwned'), undefined);
    assert.deepEqual(faults, []);
  });

  it('shows on whose behalf each command acted, as a tree, and nothing of it acts', async (t) => {
    const chain: Link[] = [];
    const moreOf = () =>
      new Delegations(chain)
        .agent('0', 'auditor', { executable: MARKUP })
        .decided('0', 'reader & auditor', 'd20')
        .delegated('0', '1', 'writer')
        .started('1')
        .decided('1', 'reader & auditor & writer', 'd21').entries;
    const reissue = (genesis: Genesis): Genesis => {
      chain.push(...genesis.entry.chain);
      return genesis;
    };
    const { page, faults } = await open(t, { moreOf, reissue });
    assert.match((await page.locator('h1').textContent()) ?? '', /Sealed and complete/);
    const items = await page.locator('.chain li li li li').allTextContents();
    assert.deepEqual(items, ['started command 1 /bin/child as writer · 0 allowed, 1 refused']);
    const agent = (await page.locator('.chain li li li').first().textContent()) ?? '';
    assert.ok(agent.startsWith(`agent seen: ${MARKUP} as auditor · 0 allowed, 1 refused`), agent);
    assert.equal(await page.evaluate('window.pwned'), undefined);
    assert.deepEqual(faults, []);
  });

  it('plays a terminal, by the keyboard alone', async (t) => {
    const output = Buffer.from('\x1b[31mred words\x1b[0m </script>\x1b]0;title\x07\r\n');
    const { page, faults } = await open(t, { output, pauses: [0.2, 0.2] });
    const screen = page.locator('.screen');
    await screen.getByText('red words </script>').waitFor({ timeout: READY_MS_MAX });
    assert.match((await screen.textContent()) ?? '', /\.\./); // the end, before it is played
    await page.locator('.screen [tabindex]').first().focus();
    await page.keyboard.press('Space');
    await page.locator('.screen .ap-overlay-start').waitFor({ state: 'detached', timeout: READY_MS_MAX });
    await screen.getByText('red words </script>').waitFor({ timeout: READY_MS_MAX });
    assert.notEqual(await page.title(), 'title');
    assert.deepEqual(faults, []);
  });

  it('filters and finds', async (t) => {
    const more = [denied('d3', 'DELETE FROM invoices'), decision({ decision: 'd4', statement: 'SELECT 4' })];
    const { page, faults } = await open(t, { more });
    const shownFor = async (label: RegExp, words: string): Promise<readonly string[]> => {
      await page.getByLabel(label).check();
      await page.getByLabel('Search operations').fill(words);
      return statements(page);
    };
    assert.deepEqual(await shownFor(/^Refused/, ''), ['DROP TABLE orders', 'DELETE FROM invoices']);
    assert.deepEqual(await shownFor(/^Refused/, 'denied by RULE'), ['DELETE FROM invoices']);
    assert.deepEqual(await shownFor(/^Masked/, ''), ['SELECT * FROM orders']);
    assert.deepEqual(await shownFor(/^Failed/, ''), ['SELECT 4']);
    assert.deepEqual(await shownFor(/^All/, 'public.orders  drop'), ['DROP TABLE orders']);
    assert.deepEqual(await shownFor(/^All/, '.*'), []);
    assert.equal(await page.locator('output').textContent(), '0 of 4 operations');
    assert.deepEqual(faults, []);
  });

  it('leads from an operation to its command, without a mouse', async (t) => {
    const started: AuditEntry = { kind: 'command', link: '2', event: 'started', argv: ['psql'], exitCode: null, signal: null };
    const opened: AuditEntry = { kind: 'connection', connection: 'c2', link: '2', target: 'orders-db', event: 'opened', why: null };
    const { page, faults } = await open(t, {
      more: [started, opened, decision({ connection: 'c2', link: '2', decision: 'd9', statement: 'SELECT 9' })],
    });
    const command = page.locator('#command-2');
    assert.equal(await command.getAttribute('open'), null);
    await page.getByLabel('Of which command').selectOption('2');
    assert.deepEqual(await statements(page), ['SELECT 9']);
    await page.locator('.operations li a').focus();
    await page.keyboard.press('Enter');
    await page.locator('#command-2[open]').waitFor({ timeout: READY_MS_MAX });
    assert.match((await command.textContent()) ?? '', /psql.*no end recorded.*not recorded/);
    assert.deepEqual(faults, []);
  });

  it('shows the terminal of a session that did not end, and says that it did not', async (t) => {
    const forge = (path: string) =>
      writeFileSync(join(path, 'recordings/0/terminal.cast'), '{"version":2,"width":80,"height":24}\n[0,"o","FORGED"]\n');
    const { page, faults } = await open(t, { seal: false, output: Buffer.from('as it was') }, forge);
    assert.match((await page.locator('h1').textContent()) ?? '', /Not sealed/);
    await page.locator('.screen').getByText('as it was').waitFor({ timeout: READY_MS_MAX });
    assert.doesNotMatch(await page.content(), /FORGED/);
    assert.deepEqual(faults, []);
  });

  it('opens a recording that was made to stall whoever looks at it', async (t) => {
    const lines = `${'\u4e2d\u0301'.repeat(40)}\x1b[999b\x1b[99S\r\n`.repeat(50_000);
    const { page, faults } = await open(t, { output: Buffer.from(lines) });
    await page.locator('.screen .ap-term').waitFor({ timeout: READY_MS_MAX });
    assert.match((await page.locator('.command').textContent()) ?? '', /The recording goes on/);
    assert.equal(await page.evaluate('1 + 1'), 2);
    assert.deepEqual(faults, []);
  });

  it('shows ten thousand operations a part at a time, and a refusal among them', async (t) => {
    const many = Array.from({ length: 10_000 }, (_, n) => decision({ decision: `m${n}`, statement: `SELECT ${n}` }));
    const { page, faults } = await open(t, { more: [...many, denied('last', 'DROP TABLE customers')] });
    assert.equal(await page.locator('.operations li').count(), 200);
    assert.equal(await page.locator('output').textContent(), '10,002 of 10,002 operations, the first 200 shown');
    assert.match((await page.locator('#operations').textContent()) ?? '', /1 allowed operation more is in the evidence only/);
    await page.getByText('Show more').click();
    assert.equal(await page.locator('.operations li').count(), 400);
    await page.getByLabel(/^Refused/).check();
    assert.deepEqual(await statements(page), ['DROP TABLE orders', 'DROP TABLE customers']);
    assert.deepEqual(faults, []);
  });

  it('prints dark on white, and more than the screen shows at once', async (t) => {
    const many = Array.from({ length: 300 }, (_, n) => decision({ decision: `m${n}`, statement: `SELECT ${n}` }));
    const { page } = await open(t, { more: many });
    await page.pdf();
    assert.equal(await page.locator('.operations li').count(), 302);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const colours = await page.evaluate('[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]');
    assert.deepEqual(colours, ['rgb(28, 36, 48)', 'rgb(255, 255, 255)']);
  });

  it('fits a narrow window', async (t) => {
    const { page } = await open(t, { more: [denied('d3', 'x'.repeat(3000))] });
    await page.setViewportSize({ width: 360, height: 700 });
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
  });
});
