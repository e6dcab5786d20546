import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { reportPage } from '#report/page.ts';
import { verificationOf } from './verification.ts';

const ASSETS = { style: 'a{}', script: 'run()', playerStyle: 'b{}', playerScript: 'play()' };
const facts = (cast: string) => ({
  ...{ verification: verificationOf(), operations: [], operationsLeftOut: 0, commands: [], recordingsLeftOut: [] },
  recordings: [{ link: '1', cast }],
});

test('reportPage() lets nothing of a bundle become markup', () => {
  const hostile = '</script><script>pwned()</script><!-- \u2028 \ud800 ';
  const page = reportPage(facts(hostile), ASSETS);
  assert.equal(page.match(/<script/g)?.length, 3);
  const data = /<script type="application\/json" id="facts">([^<]*)<\/script>/.exec(page)?.[1] ?? '';
  assert.equal(JSON.parse(data).recordings[0].cast, hostile);
});

test('reportPage() names its own scripts by hash, and lets nothing else run or load', () => {
  const page = reportPage(facts(''), ASSETS);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  for (const script of [ASSETS.script, ASSETS.playerScript]) {
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(script).digest('base64')}'`));
  }
  assert.match(policy, /^default-src 'none'; script-src '/);
  assert.ok(!/script-src[^;]*unsafe-inline|https?:/.test(policy));
});

test('reportPage() refuses a script of ours that would end itself', () => {
  assert.throws(() => reportPage(facts(''), { ...ASSETS, script: '"</script>"' }), RangeError);
});
