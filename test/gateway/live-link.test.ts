import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Keeps } from '#core/audit/entry.ts';
import { encodeFrame } from '#core/recording/frames.ts';
import { LiveLink, type LiveLinkParts } from '#gateway/live-link.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import type { ResponseLog } from '#session/ports.ts';
import { KEEPS } from '#test/fixtures/bundle.ts';
import { makeLive } from './live.ts';

const FRAME = encodeFrame({ micros: 0, stream: 'output', payload: Buffer.from('x') });
const ENDED = { exitCode: 0, signal: null };

/** The job's cages, of which there is none. */
const NO_CAGES: LiveLinkParts['cages'] = {
  claim: () => assert.fail(),
  hold: () => assert.fail(),
  madeBy: () => assert.fail(),
  stands: () => undefined,
  left: async () => undefined,
};

async function makeLink(t: TestContext, recordingBeginMsMax = 60_000, keeps: Keeps = KEEPS, cages: Partial<LiveLinkParts['cages']> = {}) {
  const { session, folder, audit, addresses, gatesFor, closed, kinds, kept } = await makeLive(t, 60_000, keeps);
  const command = { link: 'a', argv: ['true'] };
  await session.commandStarted(command);
  const unrecordable: string[] = [];
  let answeredBy: ResponseLog | null = null;
  const link = new LiveLink({
    identity: null,
    egress: null,
    ...{
      command,
      session,
      folder,
      audit,
      addresses,
      recordingBeginMsMax,
      agents: [],
      sticky: new Map(),
      chain: LinkChain.ofSession([]),
      whoami: () => assert.fail(),
      nest: () => assert.fail(),
      cages: { ...NO_CAGES, ...cages },
      ...kept,
    },
    gatesFor(id, _right, responses) {
      answeredBy = responses;
      return gatesFor(id);
    },
    right: Narrowing.ofSession(session.duty),
    onUnrecordable: (why) => unrecordable.push(why),
  });
  return { link, session, folder, audit, closed, kinds, unrecordable, answeredBy: () => answeredBy };
}

test('LiveLink ends well: gates first, then its end', async (t) => {
  const { link, closed, kinds } = await makeLink(t);
  const frames = new PassThrough();
  frames.end(FRAME);
  await link.record(frames);
  await link.end(ENDED);
  assert.deepEqual(closed, ['a: the command has ended']);
  assert.deepEqual(kinds(), ['session', 'command started', 'recording', 'connection closed', 'command ended']);
});

test('LiveLink writes nothing of a terminal that is not to be kept, and lives as long as its recording all the same', async (t) => {
  const { link, kinds, folder } = await makeLink(t, 60_000, { ...KEEPS, recordings: 'none' });
  const frames = new PassThrough();
  frames.end(FRAME);
  await link.record(frames);
  await link.end(ENDED);
  assert.deepEqual(kinds(), ['session', 'command started', 'connection closed', 'command ended']);
  assert.deepEqual(folder.files, []);
  const cut = await makeLink(t, 60_000, { ...KEEPS, recordings: 'none' });
  const short = new PassThrough();
  const recorded = cut.link.record(short);
  short.end(FRAME.subarray(0, 5));
  await assert.rejects(recorded, { code: 'malformed' });
});

test('LiveLink keeps what targets answer where it is to be kept whole, before its end is written', async (t) => {
  const { link, kinds, folder, answeredBy } = await makeLink(t, 60_000, { ...KEEPS, responses: 'full' });
  const frames = new PassThrough();
  frames.end(FRAME);
  await link.record(frames);
  assert.equal(answeredBy()?.write('d1', Buffer.from('row')), null);
  await link.end(ENDED);
  assert.deepEqual(kinds(), ['session', 'command started', 'recording', 'connection closed', 'recording', 'command ended']);
  assert.ok(folder.files.some(({ path }) => path === 'recordings/a/responses.rec'));
  assert.equal((await makeLink(t)).answeredBy(), null);
});

test('LiveLink does not end while its recording goes on', async (t) => {
  const { link } = await makeLink(t);
  const recorded = link.record(new PassThrough()).catch(() => undefined);
  assert.throws(() => link.end(ENDED), { code: 'conflict', message: /recording goes on/ });
  await link.cut('over');
  await recorded;
});

for (const [name, spoil] of [
  ['breaks off', (frames: PassThrough) => void frames.destroy(new Error('cut'))],
  ['ends within a frame', (frames: PassThrough) => void frames.end(FRAME.subarray(0, 5))],
  ['is none', (frames: PassThrough) => void frames.end(Buffer.alloc(64, 0xff))],
] as const) {
  test(`LiveLink cuts its command when its recording ${name}: nothing unwatched reaches a target (P2)`, async (t) => {
    const { link, session, closed, kinds, unrecordable } = await makeLink(t);
    const frames = new PassThrough();
    const recorded = link.record(frames);
    spoil(frames);
    await assert.rejects(recorded, { code: 'malformed' });
    await link.cut('again');
    assert.deepEqual(closed, ['a: its recording broke off']);
    assert.deepEqual([kinds().at(-1), session.state, unrecordable], ['command ended', 'open', []]);
    assert.throws(() => link.record(new PassThrough()), { code: 'conflict' });
  });
}

test('LiveLink says that the session is unrecordable when its recording cannot be kept (P2)', async (t) => {
  const { link, folder, unrecordable } = await makeLink(t);
  const frames = new PassThrough();
  folder.close();
  frames.end(FRAME);
  await assert.rejects(async () => link.record(frames));
  assert.equal(unrecordable.length, 1);
});

test('LiveLink cuts a command that nobody records', async (t) => {
  const { link, closed } = await makeLink(t, 1);
  while (closed.length === 0) await new Promise(setImmediate);
  assert.deepEqual(closed, ['a: nobody began to record it']);
  await link.cut('again');
});

test('LiveLink enters no cage of a command that nobody records', async (t) => {
  const { link } = await makeLink(t, 1);
  await assert.rejects(
    link.enterCage({ pid: process.ppid, init: process.ppid, entrance: 'sudo', network: '1', workspace: null, launchers: [] }),
    { code: 'conflict' },
  );
});

test('P8 LiveLink takes no proof of a command that has no cage', async (t) => {
  const { link } = await makeLink(t);
  await assert.rejects(link.confined({ escapes: [] }), { code: 'conflict', message: /has no cage/ });
  await link.cut('over');
});

test('LiveLink enters no network of its own, and no second cage', async (t) => {
  const { link } = await makeLink(t);
  const recorded = link.record(new PassThrough()).catch(() => undefined);
  await assert.rejects(
    link.enterCage({ pid: process.pid, init: process.pid, entrance: 'sudo', network: '1', workspace: null, launchers: [] }),
    {
      code: 'conflict',
      message: /own network/,
    },
  );
  await assert.rejects(
    link.enterCage({ pid: process.pid, init: process.pid, entrance: 'sudo', network: '1', workspace: null, launchers: [] }),
    {
      code: 'conflict',
      message: /this command has one/,
    },
  );
  assert.throws(() => link.record(new PassThrough()), { code: 'conflict', message: /has its recording/ });
  await link.cut('over');
  await recorded;
});
