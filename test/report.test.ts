import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Batch, mergedReport, type TestEvent } from './report.ts';

const folder = await mkdtemp(join(tmpdir(), 'duty-gate-report-'));
after(() => rm(folder, { recursive: true, force: true }));

const programs = {
  good: `test('passes', () => {}); test('passes too', () => {});`,
  bad: `test('fails', () => { throw new Error('no'); });`,
  lame: `test('is not run', { ['sk' + 'ip']: 'no server' }, () => {});`,
  busy: `test('never ends', () => { for (;;); });`,
  leaky: `test('ends', () => { setInterval(() => {}, 1000); });`,
};
for (const [name, text] of Object.entries(programs)) {
  await writeFile(join(folder, `${name}.test.mjs`), `import { test } from 'node:test';\n${text}`);
}

const cases: readonly { names: readonly (keyof typeof programs)[]; skipsFail: boolean; ok: boolean; closing: readonly string[] }[] = [
  { names: ['good'], skipsFail: true, ok: true, closing: ['tests 2', 'pass 2', 'fail 0', 'cancelled 0', 'skipped 0'] },
  { names: ['good', 'bad'], skipsFail: false, ok: false, closing: ['tests 3', 'pass 2', 'fail 1', 'cancelled 0', 'skipped 0'] },
  { names: ['good', 'lame'], skipsFail: false, ok: true, closing: ['tests 3', 'pass 2', 'fail 0', 'cancelled 0', 'skipped 1'] },
  { names: ['good', 'lame'], skipsFail: true, ok: false, closing: ['tests 3', 'pass 2', 'fail 0', 'cancelled 0', 'skipped 1'] },
  { names: ['busy'], skipsFail: false, ok: false, closing: ['tests 1', 'pass 0', 'fail 0', 'cancelled 1', 'skipped 0'] },
  { names: ['leaky'], skipsFail: false, ok: false, closing: ['tests 2', 'pass 1', 'fail 0', 'cancelled 1', 'skipped 0'] },
  { names: [], skipsFail: false, ok: false, closing: ['tests 0', 'pass 0', 'fail 0', 'cancelled 0', 'skipped 0'] },
];

for (const { names, skipsFail, ok, closing } of cases) {
  test(`mergedReport() is ${ok ? 'good' : 'bad'} news for ${names.join(' and ') || 'no test'}${skipsFail ? ' where nothing may be left out' : ''}`, async () => {
    const files = names.map((name) => join(folder, `${name}.test.mjs`));
    const seen = await report(
      files.map((file) => ({ files: [file], concurrency: 2, fileMs: 3000 })),
      skipsFail,
    );
    assert.equal(seen.ok, ok);
    const messages = seen.events.filter(({ type }) => type === 'test:diagnostic').map(({ data }) => String(data.message));
    const last = messages.slice(-8);
    assert.match(last[7] ?? '', /^duration_ms \d+$/);
    for (const line of closing) assert.ok(last.includes(line), `${line} is not among ${last.join(', ')}`);
    if (names.includes('lame')) assert.ok(messages.includes('did not run: is not run (no server)'));
  });
}

async function report(batches: readonly Batch[], skipsFail: boolean): Promise<{ ok: boolean | undefined; events: readonly TestEvent[] }> {
  // Node's runner does not run within a test of its own, unless it does not know.
  delete process.env.NODE_TEST_CONTEXT;
  let ok: boolean | undefined;
  const passed = (value: boolean) => {
    ok = value;
  };
  const events: TestEvent[] = [];
  for await (const event of mergedReport(batches, { skipsFail, passed })) events.push(event);
  return { ok, events };
}
