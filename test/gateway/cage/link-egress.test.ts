import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { type EgressPolicy, egressPolicy } from '#core/egress/rules.ts';
import { placeTargets } from '#gateway/cage/addresses.ts';
import { LinkEgress } from '#gateway/cage/link-egress.ts';
import type { CageListenersOptions } from '#gateway/cage/listeners.ts';
import { randomIds, systemClock } from '#gateway/system.ts';

const DB = { name: 'db', host: '10.0.0.9', port: 5432, names: [], hostAddresses: [] };
const INTO = { pid: 1, entrance: 'user-namespace', onConnection: (_target: string, socket: Socket) => void socket.destroy() } as const;

function make(policy: EgressPolicy) {
  const [opened, closed]: [CageListenersOptions[], string[]] = [[], []];
  let busy = 0;
  const egress = new LinkEgress(
    {
      ...{ policy, link: '1', addresses: placeTargets([DB]), ids: randomIds(), clock: systemClock },
      record: async () => undefined,
      lookup: async () => ['1.1.1.1'],
    },
    async (options) => {
      busy += 1;
      assert.equal(busy, 1, 'one helper at a time');
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      opened.push(options);
      return { close: () => void closed.push(options.targets[0]?.target ?? '') };
    },
  );
  return { egress, opened, closed };
}

test('R24 LinkEgress listens at the addresses that rules name, but for those of targets and of the gateway', () => {
  const { egress } = make(egressPolicy(['10.0.0.5:8080', '10.0.0.5:8080', '127.0.0.1:6379', '10.0.0.9:5432', '10.0.0.9:80']));
  assert.deepEqual(
    egress.targets.flatMap(({ listen }) => listen.map(({ address, port }) => `${address}:${port}`)),
    ['10.0.0.5:8080', '127.0.0.1:6379', '10.0.0.9:80'],
  );
  for (const { target } of egress.targets) assert.notEqual(egress.behind(target), undefined);
  assert.equal(egress.behind('db'), undefined);
  assert.equal(egress.behind(':control'), undefined);
});

test('P8 LinkEgress resolves nothing before its cage was entered', async () => {
  const { egress, opened } = make(egressPolicy(['**.example:443']));
  assert.equal(await egress.resolve('a.example'), null);
  egress.entered(INTO);
  assert.notEqual(await egress.resolve('a.example'), null);
  assert.equal(opened.length, 1);
});

test('LinkEgress makes the listeners of names one after the other, each at the address of its name, and closes all', async () => {
  const { egress, opened, closed } = make(egressPolicy(['**.example:443', '**.example:80']));
  egress.entered(INTO);
  await Promise.all(['a.example', 'b.example', 'c.example'].map((name) => egress.resolve(name)));
  assert.deepEqual(
    opened.map(({ targets, resolvers }) => [
      targets.flatMap(({ listen }) => listen.map(({ address, port }) => `${address}:${port}`)),
      resolvers,
    ]),
    [
      [['198.19.128.1:443', '198.19.128.1:80'], []],
      [['198.19.128.2:443', '198.19.128.2:80'], []],
      [['198.19.128.3:443', '198.19.128.3:80'], []],
    ],
  );
  await egress.close();
  assert.equal(closed.length, 3);
  assert.equal(await egress.resolve('d.example'), null);
});

test('LinkEgress closes listeners that arrive after its end', async () => {
  const { egress, closed } = make(egressPolicy(['**.example:443']));
  egress.entered(INTO);
  const asked = egress.resolve('a.example');
  await Promise.all([egress.close(), asked]);
  assert.ok(closed.length <= 1);
  assert.equal(await egress.resolve('a.example'), null);
});
