import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const BENCH = fileURLToPath(new URL('../bench/', import.meta.url));
const MORE_MIB_MAX = 48;

test('verifyBundle() takes no more memory for a bundle ten times as large', async (t) => {
  const parent = temporaryFolder(t);
  const run = promisify(execFile);
  const rssMib = async (mib: number): Promise<number> => {
    await run(process.execPath, [join(BENCH, 'write-evidence.ts'), join(parent, `${mib}`), `${mib}`]);
    const { stdout } = await run(process.execPath, [join(BENCH, 'verify-evidence.ts'), join(parent, `${mib}`, 'large')]);
    const { verdict, rssKib } = JSON.parse(stdout);
    assert.equal(verdict, 'sealed');
    return rssKib / 1024;
  };
  const [small, large] = [await rssMib(24), await rssMib(240)];
  assert.ok(large < small + MORE_MIB_MAX, `${small} MiB, and then ${large}`);
});
