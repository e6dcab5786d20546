import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { POLICY } from '#test/gateway/harness.ts';
import { openJob } from './job-session.ts';

test('R17 what a job’s command writes stays where the policy persists it, and nowhere else', async (t) => {
  const home = mkdtempSync('/tmp/dg-home-');
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const at = (name: string): string => join(home, name);
  for (const name of ['cache', 'other']) mkdirSync(at(name));
  symlinkSync('/etc', at('link'));
  const policy = `${POLICY}confinement: { persist: ["${at('cache')}", "${at('link')}"] }\n`;
  const { run } = await openJob(t, null, policy);
  const script = `echo kept >${at('cache')}/x; echo aside >${at('other')}/x; (echo x >/etc/dg-planted) 2>/dev/null && echo opened; mv ${at('cache')} ${at('moved')} 2>/dev/null && echo moved; true`;
  const { status, stdout, stderr } = run(['run', '--', 'sh', '-c', script], { HOME: home });
  assert.deepEqual([status, stdout], [0, ''], stderr);
  assert.equal(readFileSync(at('cache/x'), 'utf8'), 'kept\n');
  assert.ok(!existsSync(at('other/x')) && !existsSync('/etc/dg-planted'));
  assert.match(stderr, /what is written to .*\/link does not stay/);
  const later = run(['run', '--', 'sh', '-c', `cat ${at('cache')}/x ${at('other')}/x`], { HOME: home });
  assert.equal(later.stdout, 'kept\naside\n', later.stderr);
});
