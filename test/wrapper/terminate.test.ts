import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createTerminator, FORWARDED_SIGNALS, onSignals } from '#wrapper/terminate.ts';

function fakeCage(): { readonly log: string[]; signal(name: NodeJS.Signals): void; kill(): void } {
  const log: string[] = [];
  return { log, signal: (name) => void log.push(name), kill: () => void log.push('kill') };
}

test('createTerminator() passes the first request on and kills at the second', () => {
  const cage = fakeCage();
  const terminator = createTerminator(cage, 1000);
  terminator.request('SIGINT');
  assert.deepEqual(cage.log, ['SIGINT']);
  terminator.request('SIGTERM');
  assert.deepEqual(cage.log, ['SIGINT', 'kill']);
  terminator.stop();
});

test('createTerminator() kills after the grace, and not once it is stopped', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const [one, two] = [fakeCage(), fakeCage()];
  createTerminator(one, 1000).request('SIGTERM');
  const stopped = createTerminator(two, 1000);
  stopped.request('SIGTERM');
  stopped.stop();
  mock.timers.tick(999);
  assert.deepEqual(one.log, ['SIGTERM']);
  mock.timers.tick(1);
  mock.timers.reset();
  assert.deepEqual([one.log, two.log], [['SIGTERM', 'kill'], ['SIGTERM']]);
});

test('onSignals() hears each signal until it is told to stop', () => {
  const heard: string[] = [];
  const before = FORWARDED_SIGNALS.map((signal) => process.listenerCount(signal));
  const stop = onSignals((signal) => heard.push(signal));
  for (const signal of FORWARDED_SIGNALS) process.emit(signal, signal);
  stop();
  assert.deepEqual(heard, FORWARDED_SIGNALS);
  assert.deepEqual(
    FORWARDED_SIGNALS.map((signal) => process.listenerCount(signal)),
    before,
  );
});
