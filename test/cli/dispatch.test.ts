import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatch, type Subcommand } from '#cli/dispatch.ts';
import { VERSION } from '#cli/version.ts';

function setUp() {
  const ran: (readonly string[])[] = [];
  const out: string[] = [];
  const err: string[] = [];
  const command: Subcommand = {
    usage: 'verify PATH',
    summary: 'check evidence',
    async run(args) {
      ran.push(args);
      return 3;
    },
  };
  const io = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: (text: string) => err.push(text) } };
  return { ran, out, err, start: (...args: string[]) => dispatch(args, new Map([['verify', command]]), io) };
}

test('dispatch() hands the rest of the arguments to the subcommand and its exit code back', async () => {
  const { ran, start } = setUp();
  assert.equal(await start('verify', '--help', '--', 'x'), 3);
  assert.deepEqual(ran, [['--help', '--', 'x']]);
});

for (const word of ['--help', '-h', 'help']) {
  test(`dispatch() prints the help on ${word}`, async () => {
    const { out, err, start } = setUp();
    assert.equal(await start(word), 0);
    assert.match(out.join(''), /duty-gate verify PATH {2}check evidence/);
    assert.deepEqual(err, []);
  });
}

test('dispatch() prints the version', async () => {
  const { out, start } = setUp();
  assert.equal(await start('--version'), 0);
  assert.deepEqual(out, [`${VERSION}\n`]);
});

for (const args of [[], ['verifi'], ['--unknown'], ['toString'], ['']]) {
  test(`dispatch() exits 2 with help on ${JSON.stringify(args)}`, async () => {
    const { out, err, ran, start } = setUp();
    assert.equal(await start(...args), 2);
    assert.match(err.join(''), /expected one of these[\s\S]*verify PATH/);
    assert.deepEqual([out, ran], [[], []]);
  });
}
