import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { reportHead } from '#report/head.ts';
import { type ReportFacts, reportPage } from '#report/page.ts';
import { verificationOf } from './verification.ts';

const ASSETS = { styles: ['b{}', 'a{}'], playerScript: 'play()', scripts: ['one()', 'two()'] };

function facts(cast: string): ReportFacts {
  return {
    ...{ head: reportHead(verificationOf()), operations: [], operationsLeftOut: { allowed: 0, refused: 0 } },
    ...{ commands: [], commandsLeftOut: 0, connections: [], connectionsLeftOut: 0, incidents: [], chains: [], linksLeftOut: 0 },
    recordings: [{ link: '1', cast, cut: null }],
  };
}

const policyOf = (page: string): string => /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';

test('reportPage() lets nothing of a bundle become markup (R14)', () => {
  const hostile = '</script><script>pwned()</script><!-- <style> \u2028\u2029 \ud800 $& ]]>';
  const page = reportPage(facts(hostile), ASSETS);
  assert.equal(page.match(/<script/g)?.length, 4);
  const data = /<script type="application\/json" id="facts">([^<]*)<\/script>/.exec(page)?.[1] ?? '';
  assert.equal(JSON.parse(data).recordings[0].cast, hostile);
  assert.ok(page.isWellFormed() && !/[\u2028\u2029]/.test(page));
});

test('reportPage() names its own scripts and styles by hash, and lets nothing else run, draw or load', () => {
  const policy = policyOf(reportPage(facts(''), ASSETS));
  for (const text of [...ASSETS.styles, ASSETS.playerScript, ...ASSETS.scripts]) {
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(text).digest('base64')}'`));
  }
  assert.match(policy, /^default-src 'none'; script-src '/);
  assert.doesNotMatch(policy.replace("'wasm-unsafe-eval'", ''), /unsafe|https?:|data:|\*/);
});

for (const text of ['"</script>"', '</STYLE>', 'x = "<!--"']) {
  test(`reportPage() refuses a script or style of ours with ${text}`, () => {
    assert.throws(() => reportPage(facts(''), { ...ASSETS, scripts: [text] }), RangeError);
    assert.throws(() => reportPage(facts(''), { ...ASSETS, styles: [text] }), RangeError);
  });
}
