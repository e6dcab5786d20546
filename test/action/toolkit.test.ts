import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runnerToolkit } from '#action/toolkit.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

test("runnerToolkit speaks the runner's file commands", (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(folder, { recursive: true });
  for (const name of ['OUTPUT', 'STATE', 'PATH']) {
    const path = join(folder, name);
    writeFileSync(path, '');
    process.env[`GITHUB_${name}`] = path;
    t.after(() => delete process.env[`GITHUB_${name}`]);
  }
  const path = process.env['PATH'];
  runnerToolkit.setOutput('session-id', 'two\nlines');
  runnerToolkit.saveState('job-folder', '/tmp/x');
  runnerToolkit.addPath('/tmp/x/bin');
  process.env['PATH'] = path;
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  assert.match(read('OUTPUT'), /^session-id<<(\S+)\ntwo\nlines\n\1\n$/);
  assert.match(read('STATE'), /^job-folder<<(\S+)\n\/tmp\/x\n\1\n$/);
  assert.equal(read('PATH'), '/tmp/x/bin\n');
});
