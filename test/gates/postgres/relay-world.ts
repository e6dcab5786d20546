import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { JudgementRequest, Outcome } from '#core/operation/request.ts';
import type { ConversationEffect, ConversationEvent } from '#gates/gate.ts';
import { FrameReader } from '#gates/postgres/frames.ts';
import { Relay } from '#gates/postgres/relay.ts';
import { createGuard, type Judgement } from '#session/guard.ts';
import { Narrowing } from '#session/narrowing.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import { dutyNamed } from '#test/fixtures/duty.ts';
import { message, messages, zeroTerminated } from '#test/simulate/wire.ts';
import { closed, socketPair } from './loopback.ts';

const CLEARANCE = createGuard({
  link: '1',
  right: Narrowing.ofSession(dutyNamed('tester')),
  counts: new OperationCounts(),
  audit: { append: () => {} },
  ids: { next: () => 'id' },
  clock: { nowMs: () => 0, monotonicMicros: () => 0 },
  digestsResponses: false,
}).inert;
const OUTCOME: Outcome = { status: 'cut', code: null, rows: 0, bytes: 0, masked: 0 };
export const REQUEST: JudgementRequest = { kind: 'unjudgeable', target: 't', statement: 's', why: 'w', remedy: 'r' };
export const CLEARED: Judgement = { kind: 'cleared', decisionId: 'd-1', clearance: CLEARANCE };
export const REFUSED: Judgement = {
  kind: 'refused',
  refusal: { kind: 'unrecordable', decisionId: 'd-1', duty: 'tester', why: 'the disk is full' },
};
export const FRAME_BYTES_MAX = 1_000;
/** A fault shows as a failure, not as a hang. */
const UNTIL_MS_MAX = 30_000;

export const query = (text: string) => message('Q', zeroTerminated(text));
export const upstreamSends = (frames: Buffer): ConversationEffect => ({ kind: 'send-upstream', frames, clearance: CLEARANCE });
export const clientGets = (frames: Buffer): ConversationEffect => ({ kind: 'send-client', frames });
export const ended: ConversationEffect = { kind: 'outcome', decisionId: 'd-1', outcome: OUTCOME };

export type Step = (event: ConversationEvent) => readonly ConversationEffect[];

/** Passes everything on, both ways. */
export const passing: Step = (event) => {
  if (event.kind === 'client') return [upstreamSends(event.frames)];
  if (event.kind === 'server') return [clientGets(event.frames)];
  return event.kind === 'closed' && event.side === 'server' ? [{ kind: 'close', why: 'the target is gone' }] : [];
};

export type World = {
  /** The far ends: what the client and the server themselves hold. */
  readonly client: Socket;
  readonly server: Socket;
  /** The relay's own ends. */
  readonly near: { readonly client: Socket; readonly upstream: Socket };
  readonly relay: Relay;
  readonly events: readonly ConversationEvent[];
  readonly asked: readonly ((judgement: Judgement) => void)[];
  readonly outcomes: readonly string[];
  readonly whys: readonly (string | null)[];
  /** Until that holds; it is looked at after each turn of the event loop. */
  until(holds: () => boolean): Promise<void>;
  /** Until the relay let both sides go and both far ends saw it. */
  over(): Promise<string | null | undefined>;
};

export async function makeWorld(t: TestContext, step: Step, keep: () => Promise<void> | null = () => null): Promise<World> {
  const [client, nearClient] = await socketPair(t);
  const [server, nearUpstream] = await socketPair(t);
  const [events, asked, outcomes, whys]: [ConversationEvent[], ((judgement: Judgement) => void)[], string[], (string | null)[]] = [
    [],
    [],
    [],
    [],
  ];
  const relay = new Relay({
    client: nearClient,
    upstream: nearUpstream,
    upstreamReader: new FrameReader({ frameBytesMax: 1 << 20, oversize: 'fail' }),
    clientFrameBytesMax: FRAME_BYTES_MAX,
    conversation: {
      step(event) {
        events.push(event);
        return step(event);
      },
    },
    ask: (_request, answer) => void asked.push(answer),
    response: keep,
    outcome: (decisionId, { status }) => void outcomes.push(`${decisionId} ${status}`),
    closed: (why) => void whys.push(why),
  });
  const until = async (holds: () => boolean) => {
    const started = performance.now();
    while (!holds()) {
      assert.ok(performance.now() - started < UNTIL_MS_MAX, 'it comes about in time');
      await new Promise(setImmediate);
    }
  };
  const over = async () => {
    await until(() => whys.length > 0);
    client.resume();
    server.resume();
    await Promise.all([closed(client), closed(server), closed(nearClient), closed(nearUpstream)]);
    assert.equal(whys.length, 1, 'closed() is called once');
    return whys[0];
  };
  return { client, server, near: { client: nearClient, upstream: nearUpstream }, relay, events, asked, outcomes, whys, until, over };
}

export async function startWorld(t: TestContext, step: Step, keep?: () => Promise<void> | null): Promise<World> {
  const world = await makeWorld(t, step, keep);
  world.relay.start();
  return world;
}

export const kinds = (world: World) => world.events.map((event) => event.kind);
export const framesOf = (world: World, kind: 'client' | 'server') =>
  world.events.flatMap((event) => (event.kind === kind ? [...messages(event.frames)].map(({ frame }) => frame.toString('latin1')) : []));
/** A few turns in which whatever could happen would have. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}
