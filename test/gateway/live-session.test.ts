import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { readEntry } from '#core/audit/entry-schema.ts';
import { SESSION_LIMITS } from '#core/chain/delegation-limits.ts';
import { encodeFrame } from '#core/recording/frames.ts';
import { EntryRules } from '#core/verify/entry-rules.ts';
import { LINKS_MAX } from '#gateway/live-session.ts';
import { NO_KEYS } from '#test/fixtures/bundle.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { entriesOf } from './harness.ts';
import { makeLive } from './live.ts';

const FRAME = encodeFrame({ micros: 0, stream: 'output', payload: Buffer.from('x') });
const ENDED = { exitCode: 0, signal: null };

test('LiveSession ends what still runs before it seals, and seals last', async (t) => {
  const { live, closed, kinds } = await makeLive(t);
  await live.startLink({ argv: ['true'] });
  await live.close();
  await live.ended;
  assert.deepEqual(closed, ['1: the session was closed']);
  assert.deepEqual(kinds(), ['session', 'command started', 'connection closed', 'command ended', 'seal']);
});

test('LiveSession gives each command gates, recording and a name of its own', async (t) => {
  const { live, closed, kinds } = await makeLive(t);
  const links: string[] = [];
  for (const argv of [['a'], ['b']]) links.push((await live.startLink({ argv })).link);
  assert.deepEqual(links, ['1', '2']);
  for (const link of links) {
    const frames = new PassThrough();
    frames.end(FRAME);
    await live.record(link, frames);
  }
  const { checkpoint, ...counts } = await live.endLink('2', ENDED);
  assert.deepEqual(counts, { allowed: 0, refused: 0, masked: 0 });
  assert.match(checkpoint ?? '', /^dgc1\.s\./);
  assert.deepEqual(closed, ['2: the command has ended']);
  await live.endLink('1', ENDED);
  await live.close();
  assert.equal(kinds().filter((kind) => kind === 'command ended').length, 2);
});

test('LiveSession knows no link but those it started, and none that has ended', async (t) => {
  const { live } = await makeLive(t);
  const { link } = await live.startLink({ argv: ['true'] });
  await live.endLink(link, ENDED);
  for (const name of [link, '2', '../1', '']) {
    await assert.rejects(live.endLink(name, ENDED), { code: 'not-found' });
    await assert.rejects(live.record(name, new PassThrough()), { code: 'not-found' });
    await assert.rejects(live.enterCage(name, { pid: 1, init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] }), {
      code: 'not-found',
    });
  }
});

test('LiveSession starts no more commands than its maximum', async (t) => {
  const { live } = await makeLive(t);
  for (let n = 0; n < LINKS_MAX; n++) {
    const { link } = await live.startLink({ argv: ['true'] });
    await live.endLink(link, ENDED);
  }
  await assert.rejects(live.startLink({ argv: ['true'] }), { code: 'conflict' });
});

/** Whether the rules of the evidence take what was written, line by line. */
function brokenRules(folder: string): readonly unknown[] {
  const rules = new EntryRules(NO_KEYS);
  return entriesOf(folder).flatMap((entry, n) => {
    const read = readEntry(entry);
    assert.ok('known' in read);
    return rules.take({ n, at: '2026-01-02T03:04:05.678Z', prev: '0'.repeat(64) }, read) ?? [];
  });
}

test('P3 LiveSession has a child act on behalf of its parent, under the duties of both', async (t) => {
  const { live, kinds, folder } = await makeLive(t);
  const { link: parent } = await live.startLink({ argv: ['sh'] });
  const { link: child } = await live.delegate(parent, { argv: ['/bin/agent', 'x'], duty: 'writer', agent: null });
  const { link: grandchild } = await live.delegate(child, { argv: ['tool'], duty: 'reader', agent: null });
  assert.deepEqual(kinds().slice(2), ['delegation', 'command started', 'delegation', 'command started']);
  const [first, second] = entriesOf(folder.path).filter(({ kind }) => kind === 'delegation');
  assert.deepEqual([first?.link, first?.parent, first?.duty, first?.executable], [child, parent, 'writer', '/bin/agent']);
  assert.deepEqual(first?.duties, ['reader', 'writer']);
  assert.deepEqual([second?.link, second?.parent, second?.duties], [grandchild, child, ['reader', 'writer']]);
  assert.deepEqual(brokenRules(folder.path), []);
});

test('P3 LiveSession ends the children of a command with it, and starts none for one that ends', async (t) => {
  const { live, closed } = await makeLive(t);
  const { link: parent } = await live.startLink({ argv: ['sh'] });
  const { link: child } = await live.delegate(parent, { argv: ['a'], duty: 'writer', agent: null });
  await live.delegate(child, { argv: ['b'], duty: 'writer', agent: null });
  const ended = live.endLink(parent, ENDED);
  await assert.rejects(live.delegate(parent, { argv: ['c'], duty: 'writer', agent: null }), { code: 'conflict' });
  await ended;
  await live.close();
  assert.deepEqual(
    closed.slice(1).sort(),
    [2, 3].map((link) => `${link}: the command that it was started from has ended`),
  );
});

test('R26 LiveSession starts an agent under the duty that the policy has for it, and no other', async (t) => {
  const writer = dutyNamed('writer');
  const agents = [{ id: 'agents[0]', match: ['**/robot'], duty: writer, sticky: 'job' as const, workspace: 'read' as const }];
  const { live, folder } = await makeLive(t, undefined, undefined, { agents });
  assert.deepEqual(live.answer().agents, [{ match: ['**/robot'], duty: 'writer', workspace: 'read' }]);
  const { link } = await live.startLink({ argv: ['sh'] });
  for (const [duty, agent] of [
    ['reader', 0],
    ['writer', 1],
  ] as const) {
    await assert.rejects(live.delegate(link, { argv: ['a'], duty, agent }), { code: 'forbidden' });
  }
  await live.delegate(link, { argv: ['/opt/robot'], duty: 'writer', agent: 0 });
  const started = entriesOf(folder.path).filter(({ kind }) => kind === 'delegation');
  assert.deepEqual(
    started.map(({ duty, executable }) => [duty, executable]),
    [['writer', '/opt/robot']],
  );
});

test('LiveSession ends what runs when its time is over, starts nothing more, and is sealed as ever', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const limits = { ...SESSION_LIMITS, sessionMs: 1_800_000 };
  const { live, folder, kinds } = await makeLive(t, 1e9, undefined, { limits });
  const { link } = await live.startLink({ argv: ['sleep'] });
  t.mock.timers.tick(1_799_999);
  assert.ok(!kinds().includes('incident'));
  t.mock.timers.tick(1);
  await assert.rejects(live.startLink({ argv: ['late'] }), { code: 'conflict', message: /limits\.session/ });
  await assert.rejects(live.delegate(link, { argv: ['late'], duty: 'reader', agent: null }), { code: 'conflict' });
  await live.close();
  assert.deepEqual(kinds().slice(-4), ['incident', 'connection closed', 'command ended', 'seal']);
  assert.deepEqual(brokenRules(folder.path), []);
});

test('LiveSession delegates no undefined duty, and no further or wider than the limits', async (t) => {
  const { live } = await makeLive(t);
  let { link } = await live.startLink({ argv: ['sh'] });
  await assert.rejects(live.delegate(link, { argv: ['a'], duty: 'owner', agent: null }), { code: 'forbidden' });
  await assert.rejects(live.delegate('99', { argv: ['a'], duty: 'reader', agent: null }), { code: 'not-found' });
  const { link: busy } = await live.startLink({ argv: ['sh'] });
  for (let children = 0; children < SESSION_LIMITS.children; children += 1)
    await live.delegate(busy, { argv: ['a'], duty: 'reader', agent: null });
  await assert.rejects(live.delegate(busy, { argv: ['a'], duty: 'reader', agent: null }), { code: 'conflict' });
  for (let depth = 1; depth < SESSION_LIMITS.depth; depth += 1)
    ({ link } = await live.delegate(link, { argv: ['a'], duty: 'reader', agent: null }));
  await assert.rejects(live.delegate(link, { argv: ['a'], duty: 'reader', agent: null }), { code: 'conflict' });
});

test('LiveSession closes once', async (t) => {
  const { live } = await makeLive(t);
  const closing = live.close();
  assert.throws(() => live.close(), { code: 'not-open' });
  await closing;
});

test('LiveSession aborts at once, unsealed, whatever is going on', async (t) => {
  const { live, kinds } = await makeLive(t);
  const { link } = await live.startLink({ argv: ['true'] });
  const frames = new PassThrough();
  const recorded = live.record(link, frames);
  frames.write(FRAME);
  const aborted = live.abort('it was time');
  assert.equal(await Promise.race([live.ended.then(() => 'ended'), aborted.then(() => 'aborted')]), 'ended');
  await assert.rejects(recorded, { code: 'malformed' });
  await aborted;
  await live.abort('again');
  assert.ok(!kinds().includes('seal'));
});

test('LiveSession lets a seal that is under way finish', async (t) => {
  const { live, kinds } = await makeLive(t);
  const closing = live.close();
  await live.abort('the starter is gone');
  await closing;
  assert.equal(kinds().at(-1), 'seal');
});

test('LiveSession seals a recording that nobody ended, up to where it came', async (t) => {
  const { live, kinds } = await makeLive(t);
  const { link } = await live.startLink({ argv: ['true'] });
  const frames = new PassThrough();
  const recorded = live.record(link, frames).catch(() => 'cut');
  await new Promise<void>((resolve) => void frames.write(FRAME, () => resolve()));
  await live.close();
  assert.equal(await recorded, 'cut');
  assert.deepEqual(kinds().slice(-2), ['command ended', 'seal']);
});

test('LiveSession tells what the system said when it cannot seal', async (t) => {
  const { live, folder } = await makeLive(t);
  folder.close();
  await assert.rejects(live.close(), { code: 'failed', message: /Cannot open/ });
  await live.ended;
});

test('LiveSession ends of a second open, which is its last entry but what it cuts (R2)', async (t) => {
  const { live, kinds } = await makeLive(t);
  await live.startLink({ argv: ['true'] });
  await live.incident('A'.repeat(43));
  await live.ended;
  assert.deepEqual(kinds(), ['session', 'command started', 'incident', 'connection closed']);
});

test('LiveSession takes nothing after its end', async (t) => {
  const { live } = await makeLive(t);
  const { link } = await live.startLink({ argv: ['true'] });
  await live.abort('over');
  await assert.rejects(live.startLink({ argv: ['true'] }), { code: 'not-open' });
  await assert.rejects(live.record(link, new PassThrough()), { code: 'not-open' });
  await assert.rejects(live.enterCage(link, { pid: 1, init: 1, entrance: 'sudo', network: '1', workspace: null, launchers: [] }), {
    code: 'not-open',
  });
  assert.throws(() => live.close(), { code: 'not-open' });
});
