import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { testUsers } from './users.ts';
import { runWrappedAs, script } from './wrapped.ts';

for (const user of testUsers()) {
  describe(`runWrapped() as ${user.label}`, () => {
    const folder = mkdtempSync('/tmp/duty-gate-escape-');
    after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'set_env');
    writeFileSync(path, '');
    for (const each of [folder, path]) if (process.getuid?.() === 0) chownSync(each, user.uid, user.gid);

    test('P8 starts nothing when an escape succeeds, and names it with what it gives away', async () => {
      // A plan that opens the folder of the runner's own file, and shows no other in its place.
      const { report, output, errors } = await runWrappedAs(user, { argv: script('echo ran') }, { env: [`GITHUB_ENV=${path}`] });
      assert.deepEqual([report?.exitCode, report?.code, output], [125, 'escape', '']);
      assert.match(report?.message ?? '', /runner-env-write succeeded: open \(GITHUB_ENV: variables that make the next step/);
      assert.match(errors, /^duty-gate: confinement: \d+ escapes tried, \d+ held, \d+ absent, 1 open$/m);
    });

    test('P8 says in one line what the escapes came to', async () => {
      const { report, output, errors } = await runWrappedAs(user, { argv: script('echo ran') });
      assert.deepEqual([report?.exitCode, output], [0, 'ran\n']);
      assert.match(errors, /^duty-gate: confinement: \d+ escapes tried, \d+ held, \d+ absent$/m);
    });
  });
}
