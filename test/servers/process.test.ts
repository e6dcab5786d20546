import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { startServer } from './process.ts';

const script = `
  import { startServer } from '#test/servers/process.ts';
  const server = await startServer({ argv: ['sh', '-c', 'echo up; exec sleep 1000'], ready: /up/, stopSignal: 'SIGTERM' });
  console.log(server.pid);
  setInterval(() => {}, 1000);
`;

test('startServer() gives a server that dies with the process that started it, even when that is killed', async () => {
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await firstLine(parent));
  process.kill(pid, 0);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await gone(pid);
});

test('startServer() says what a server printed that did not start', async () => {
  const broken = startServer({ argv: ['sh', '-c', 'echo no such luck >&2; exit 3'], ready: /up/, stopSignal: 'SIGTERM' });
  await assert.rejects(broken, /exit code 3.*no such luck/s);
});

test('startServer() names a program that does not exist', async () => {
  const missing = startServer({ argv: ['/nonexistent/program'], ready: /up/, stopSignal: 'SIGTERM' });
  await assert.rejects(missing, /Cannot start \/nonexistent\/program/);
});

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('Cannot read the child: no pipe, expected one');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return String(line);
}

/** The kernel ends it and its new parent reaps it, at a time that nobody announces: look until it is so. */
async function gone(pid: number): Promise<void> {
  for (let look = 0; look < 1000; look++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail(`process ${pid} lives on`);
}
