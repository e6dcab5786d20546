import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readKeysFile } from '#cli/keys-file.ts';
import { KEYS_FILE_BYTES_MAX } from '#core/verify/issuer-keys.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { jwkOf, RSA_KEY } from '#test/fixtures/issuer.ts';

const ISSUER = 'https://issuer.example';

test('readKeysFile() brings the keys of the file', (t) => {
  const path = join(temporaryFolder(t), 'keys.json');
  writeFileSync(path, JSON.stringify({ issuers: [{ issuer: ISSUER, keys: [jwkOf(RSA_KEY, 'one')] }] }));
  const keys = readKeysFile(path);
  assert.ok(!('why' in keys));
  assert.equal(keys.find(ISSUER, 'one')?.n, jwkOf(RSA_KEY, 'one').n);
});

test('readKeysFile() says why there are none', (t) => {
  const folder = temporaryFolder(t);
  const path = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const cases: readonly (readonly [path: string, says: RegExp])[] = [
    [join(folder, 'missing'), /Cannot read the keys .*ENOENT/],
    [folder, /no file/],
    [pipe, /no file/],
    [path('large', ' '.repeat(KEYS_FILE_BYTES_MAX + 1)), /too large/],
    [path('other', '{}'), /Cannot use the keys .*: it is not/],
  ];
  for (const [each, says] of cases) {
    const keys = readKeysFile(each);
    assert.match('why' in keys ? keys.why : 'taken', says);
  }
});
