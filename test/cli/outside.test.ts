import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { createEncrypt } from '#adapters/encryption/age.ts';
import { readOutside } from '#cli/outside.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';

const NONE = { keys: null, log: null, identity: null };

test('readOutside() knows the keys that came with it, and nothing else unless it is named', () => {
  const outside = readOutside(NONE);
  assert.ok(!('why' in outside));
  assert.deepEqual([outside.log, outside.decrypt], [undefined, undefined]);
});

test('readOutside() reads checkpoints of a log, and identities as age-keygen writes them', async (t) => {
  const folder = temporaryFolder(t);
  const identity = await generateIdentity();
  const [log, keyFile] = [join(folder, 'log.txt'), join(folder, 'key.txt')];
  writeFileSync(log, `x\n2026 duty-gate: checkpoint dgc1.s.1.${'A'.repeat(43)}.${'A'.repeat(43)}.${'A'.repeat(86)}`);
  writeFileSync(keyFile, `# created\n${identity}\n`);
  const outside = readOutside({ ...NONE, log, identity: keyFile });
  assert.ok(!('why' in outside));
  assert.equal(outside.log?.length, 1);
  const sealed = await createEncrypt([await identityToRecipient(identity)])(Buffer.from('hello'));
  assert.equal(Buffer.from((await outside.decrypt?.(sealed)) ?? []).toString(), 'hello');
});

test('readOutside() says what it cannot read, never with an identity in it', (t) => {
  const folder = temporaryFolder(t);
  const [pipe, empty, bad] = [join(folder, 'pipe'), join(folder, 'empty'), join(folder, 'bad')];
  execFileSync('mkfifo', [pipe]);
  writeFileSync(empty, '# nothing\n');
  writeFileSync(bad, 'AGE-SECRET-KEY-1WRONG\n');
  const why = (files: Partial<typeof NONE> | Record<string, string>) => {
    const outside = readOutside({ ...NONE, ...files });
    return 'why' in outside ? outside.why : 'nothing';
  };
  assert.match(why({ log: join(folder, 'missing') }), /ENOENT/);
  for (const path of [pipe, folder]) assert.match(why({ log: path }), /no file/);
  assert.match(why({ identity: empty }), /there are none/);
  assert.match(why({ identity: bad }), /identity 1/);
  assert.doesNotMatch(why({ identity: bad }), /WRONG/);
  assert.match(why({ keys: empty }), /Cannot use the keys/);
});
