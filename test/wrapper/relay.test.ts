import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';

import { test } from 'node:test';
import type { ReadStream } from 'node:tty';
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
  const printed = relayOutput(terminal, new DescriptorWriter(fd, assert.fail), new Recorder(slow, () => 0));
  terminal.output.emit('data', Buffer.from('first'));
  assert.equal(terminal.output.isPaused(), true);
  assert.ok(recordedBytes > 0);
  held.shift()?.();
  await new Promise((resolve) => terminal.output.once('resume', resolve));
  terminal.close();
  await printed;
  closeSync(fd);
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
