import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { readEvidence } from '#action/evidence.ts';
import { SUMMARY_BYTES_MAX, type SummaryFacts, summaryPage } from '#action/summary.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const URL = 'https://github.com/acme/shop/actions/runs/7/artifacts/1';
const artifact = (name: string) => ({ name, id: 1, url: URL, digest: 'ab'.repeat(32) });

async function facts(t: Parameters<typeof temporaryFolder>[0], change: Partial<SummaryFacts> = {}): Promise<SummaryFacts> {
  const { path } = await makeBundle(temporaryFolder(t));
  const { verification, refused } = await readEvidence(path);
  return { verification, refused, bundle: artifact('duty-gate-7'), report: artifact('duty-gate-7.html'), faults: [], ...change };
}

test('summaryPage() says what was refused, how much passed, and where the evidence is', async (t) => {
  const page = summaryPage(await facts(t));
  assert.match(page, /^## duty-gate: one operation refused, evidence sealed\n/);
  assert.match(page, /\| 1 \| 1 \| 3 \| 1 \| 1 \|/);
  assert.match(page, /\| <code>orders&#45;db<\/code> \| <code>DROP TABLE orders<\/code> \| nothing&#45;allows \|/);
  assert.match(page, new RegExp(`- Report: \\[duty&#45;gate&#45;7&#46;html\\]\\(${URL}\\), SHA-256 <code>(ab){32}</code>`));
  assert.match(page, new RegExp(`- Bundle, for \`duty-gate verify\`: \\[duty&#45;gate&#45;7\\]\\(${URL}\\)`));
  assert.match(page, /the last has SHA-256 <code>[0-9a-f]{64}<\/code>/);
});

describe('summaryPage() says what did not go well', () => {
  it('a bundle that was not uploaded, and why', async (t) => {
    const page = summaryPage(await facts(t, { bundle: null, report: null, faults: ['Cannot upload <b>'] }));
    assert.match(page, /> \[!WARNING\]\n> Cannot upload &#60;b&#62;/);
    assert.match(page, /- The bundle was not uploaded\./);
  });
  it('an unsealed and a broken bundle', async (t) => {
    const { verification, ...rest } = await facts(t);
    assert.match(summaryPage({ ...rest, verification: { ...verification, verdict: 'unsealed' } }), /^## .*evidence \*\*unsealed\*\*/);
    const problems = Array.from({ length: 30 }, (_, index) => ({ code: 'chain' as const, where: `entry ${index}`, what: 'changed | <x>' }));
    const page = summaryPage({ ...rest, verification: { ...verification, verdict: 'broken', problems, session: null } });
    assert.match(page, /^## duty-gate: evidence \*\*broken\*\*/);
    assert.match(page, /- entry 0&#58; changed &#124; &#60;x&#62;\n/);
    assert.match(page, /- and 20 more/);
  });
});

test('summaryPage() lets no statement, reason, name or target out of its cell', async (t) => {
  const base = await facts(t);
  const rows = (page: string) => page.split('\n').filter((line) => line.startsWith('| <code>') || /^\| \d\d/.test(line));
  const skeleton = (page: string) =>
    page
      .replace(/<\/?code>/g, '')
      .replace(/&#\d+;/g, '')
      .split('\n').length;
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a\n\n# b', '|', '\\|', '</code></td><script>', '[a](b)', '`', '<!--', '&#124;', '\u2028', '---\n| a |', '\r| x |'),
  );
  fc.assert(
    fc.property(text, text, text, (target, statement, reason) => {
      const refused = { first: [{ at: '2026-01-02T03:04:05.678Z', target, statement, reasons: [reason] }], count: 1 };
      const page = summaryPage({ ...base, refused });
      assert.equal(skeleton(page), skeleton(summaryPage(base)));
      const [row = '', ...more] = rows(page);
      assert.deepEqual(more, []);
      assert.equal(row.split('|').length, 6);
      assert.ok(!/<(?!\/?code>)/.test(row) && !/[[\]()*_`~@#](?!\d+;)/.test(row.replace(/&#\d+;/g, '')), row);
    }),
  );
});

test('summaryPage() fits into what the runner shows, however much was refused', async (t) => {
  const base = await facts(t);
  const hostile = {
    at: '2026-01-02T03:04:05.678Z',
    target: '\u202e'.repeat(2000),
    statement: '|'.repeat(2000),
    reasons: Array.from({ length: 10 }, () => '\u{e0041}'.repeat(1000)),
  };
  const page = summaryPage({
    ...base,
    refused: { first: Array.from({ length: 100 }, () => hostile), count: 1e9 },
    faults: Array.from({ length: 5 }, () => '<'.repeat(1e5)),
  });
  assert.ok(Buffer.byteLength(page) < SUMMARY_BYTES_MAX / 2, String(Buffer.byteLength(page)));
  assert.match(page, /And 9999999\d\d more/);
});

test('summaryPage() keeps a link one link, whatever the runner calls things', async (t) => {
  const page = summaryPage(await facts(t, { report: { ...artifact('a](javascript:x)'), url: 'https://x/a) [b](c "d' } }));
  assert.match(page, /- Report: \[a&#93;&#40;javascript&#58;x&#41;\]\(https:\/\/x\/a%29%20%5Bb%5D%28c%20%22d\)/);
});
