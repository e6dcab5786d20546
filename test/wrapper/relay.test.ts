import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';

import { test } from 'node:test';
import type { ReadStream } from 'node:tty';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { DescriptorWriter } from '#wrapper/descriptor-writer.ts';
import { openTerminal } from '#wrapper/pty.ts';
import { Recorder } from '#wrapper/record.ts';
import { relayKeyboard, relayOutput } from '#wrapper/relay.ts';

test('relayOutput() stops reading while the recording is full and loses nothing', async () => {
  const terminal = openTerminal(80, 24);
  const held: (() => void)[] = [];
  let recordedBytes = 0;
  const slow = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      recordedBytes += chunk.length;
      held.push(done);
    },
  });
  const fd = openSync('/dev/null', 'w');
  const printed = relayOutput(terminal, new DescriptorWriter(fd, assert.fail), new Recorder(slow, () => 0), null);
  terminal.output.emit('data', Buffer.from('first'));
  assert.equal(terminal.output.isPaused(), true);
  assert.ok(recordedBytes > 0);
  held.shift()?.();
  await new Promise((resolve) => terminal.output.once('resume', resolve));
  terminal.close();
  await printed;
  closeSync(fd);
});

test('relayOutput() passes on what its filter leaves, to the last byte, and records what was printed', async (t) => {
  const path = join(temporaryFolder(t), 'out');
  const fd = openSync(path, 'w');
  const terminal = openTerminal(80, 24);
  const recorded: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      recorded.push(chunk);
      done();
    },
  });
  const filter = { push: (bytes: Uint8Array) => Buffer.from(`<${bytes.length}>`), end: () => Buffer.from('held') };
  const output = new DescriptorWriter(fd, assert.fail);
  const printed = relayOutput(terminal, output, new Recorder(sink, () => 0), filter);
  for (const text of ['first', 'second!']) terminal.output.emit('data', Buffer.from(text));
  terminal.close();
  await printed;
  await output.drained();
  closeSync(fd);
  assert.equal(readFileSync(path, 'utf8'), '<5><7>held');
  assert.match(Buffer.concat(recorded).toString(), /first.*second!/s);
});

test('relayKeyboard() is raw while it lasts, tells sizes, and gives the terminal back', () => {
  const log: string[] = [];
  const keyboard = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => void log.push(`raw ${raw}`) });
  const screen = Object.assign(new EventEmitter(), { columns: 70, rows: 20 });
  const fd = openSync('/dev/null', 'w');
  const asTerminal: unknown = keyboard;
  assert.ok(isKeyboard(asTerminal));
  const stop = relayKeyboard(asTerminal, screen as never, new DescriptorWriter(fd, assert.fail), (columns, rows) =>
    log.push(`${columns}x${rows}`),
  );
  screen.emit('resize');
  stop();
  screen.emit('resize');
  closeSync(fd);
  assert.deepEqual(log, ['raw true', '70x20', 'raw false']);
});

/** Enough of a terminal for the relay: a stream with a raw mode. */
function isKeyboard(value: unknown): value is ReadStream {
  return typeof value === 'object' && value !== null && 'setRawMode' in value;
}
