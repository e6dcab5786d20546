import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as nodePty from 'node-pty';
import { asUser, testUsers } from './users.ts';

const PROGRAM = join(import.meta.dirname, 'wrapped-program.ts');

/** A person: types an answer each time a prompt appears, in order. */
function converse(
  command: readonly string[],
  answers: readonly (readonly [prompt: string, act: (terminal: nodePty.IPty) => void])[],
): Promise<string> {
  const [file = '', ...args] = command;
  const terminal = nodePty.spawn(file, args, { cols: 90, rows: 30, cwd: '/' });
  let screen = '';
  let next = 0;
  terminal.onData((text) => {
    screen += text;
    const step = answers[next];
    if (step === undefined || !screen.includes(step[0])) return;
    next += 1;
    step[1](terminal);
  });
  return new Promise((resolve) => terminal.onExit(() => resolve(screen)));
}

for (const user of testUsers()) {
  describe(`runWrapped() on a terminal as ${user.label}`, () => {
    const wrapped = (text: string): readonly string[] =>
      asUser(
        user,
        ['PATH=/usr/bin:/bin:/usr/sbin:/sbin'],
        [process.execPath, PROGRAM, JSON.stringify({ argv: ['bash', '--norc', '-c', text], cwd: '/', interactive: true })],
      );

    test("R22 gives the command a controlling terminal that is not the caller's", async () => {
      const screen = await converse(
        wrapped('tty; tty </dev/tty; ps -o tty= -p $$ | tr -d " "; echo $TERM; test -n "$PAGER" || echo no-pager'),
        [],
      );
      assert.match(screen, /\/dev\/console\r+\n\/dev\/console|\/dev\/console\r+\n\/dev\/tty/);
      assert.match(screen, /xterm-256color\r+\nno-pager/);
    });

    test('passes keys in, ^C as a signal, and sizes along', async () => {
      const screen = await converse(
        wrapped(
          `trap 'echo interrupted' INT; trap 'stty size' WINCH; read -p 'name? ' name; echo "is $name"; echo go; while ! read -t 0.05 line; do :; done; echo "line $line"`,
        ),
        [
          ['name? ', (terminal) => terminal.write('Ada\r')],
          ['go', (terminal) => terminal.write('\x03')],
          ['interrupted', (terminal) => terminal.resize(101, 33)],
          ['33 101', (terminal) => terminal.write('end\r')],
        ],
      );
      assert.match(screen, /is Ada/);
      assert.match(screen, /line end/);
      assert.match(screen, /RESULT \{"kind":"exited","exitCode":0/);
    });
  });
}
