import type { AuditEntry } from '#core/audit/entry.ts';
import type { ConversationEffect, ConversationEvent } from '#gates/gate.ts';
import { createConversation } from '#gates/postgres/conversation.ts';
import { ProtocolViolation } from '#gates/postgres/frames.ts';
import { createGuard } from '#session/guard.ts';
import { Narrowing } from '#session/narrowing.ts';
import { OperationCounts } from '#session/operation-counts.ts';
import { conversationSetup } from '#test/fixtures/conversation.ts';
import type { ModelServer } from './model-server.ts';
import type { Random } from './random.ts';
import { KEEPER } from './vocabulary.ts';
import * as wire from './wire.ts';

/**
 * A whole session in one thread: client, gate with the real guard and the real decision, and the model server, joined by
 * queues that deliver late, in pieces and in any interleaving the seed chooses. No sockets, no clock, no chance but the seed's.
 */
export class World {
  readonly audit: AuditEntry[] = [];
  readonly toClient: Buffer[] = [];
  readonly upstreamStatements: string[] = [];
  held = false;
  closed = false;
  #toServer: Buffer[] = [];
  #fromServer: Buffer[] = [];
  #written: (() => void)[] = [];
  readonly #lies: number;
  readonly #random: Random;
  readonly #server: ModelServer;
  readonly #conversation;
  readonly #guard;

  /** `lies`: the share of the server's messages that arrive lost, doubled, swapped with the next, or made up. */
  constructor(random: Random, server: ModelServer, lies = 0) {
    this.#lies = lies;
    this.#random = random;
    this.#server = server;
    let ids = 0;
    let micros = 0;
    this.#guard = createGuard({
      link: '1',
      right: Narrowing.ofSession(KEEPER),
      counts: new OperationCounts(),
      audit: {
        append: (entry, written) => {
          this.audit.push(entry);
          if (written !== undefined) this.#written.push(() => written({ ok: true }));
        },
      },
      ids: { next: () => `id-${ids++}` },
      clock: { nowMs: () => 0, monotonicMicros: () => micros++ },
      digestsResponses: false,
    });
    this.#conversation = createConversation(conversationSetup({ preview: this.#guard.preview, inert: this.#guard.inert }));
  }

  send(frames: Buffer): void {
    this.#step({ kind: 'client', frames });
  }

  cut(): void {
    this.#step({ kind: 'closed', side: this.#random.pick(['client', 'server'] as const) });
  }

  /** Lets one thing happen, of those that can; false when all is quiet. */
  tick(): boolean {
    const moves = [
      ...(this.#written.length > 0 ? [() => this.#written.shift()?.()] : []),
      ...(this.#toServer.length > 0 ? [() => this.#serve()] : []),
      ...(this.#fromServer.length > 0 ? [() => this.#deliver()] : []),
    ];
    if (moves.length === 0) return false;
    this.#random.pick(moves)();
    return true;
  }

  #serve(): void {
    const frames = this.#toServer.shift();
    if (frames === undefined) return;
    for (const { type, body } of wire.messages(frames)) {
      for (const answer of this.#server.receive(type, body)) this.#fromServer.push(...this.#told(answer));
    }
  }

  #told(answer: Buffer): readonly Buffer[] {
    if (!this.#random.chance(this.#lies)) return [answer];
    const last = this.#fromServer.pop();
    const swapped = last === undefined ? [answer] : [answer, last];
    const type = String.fromCharCode(0x20 + this.#random.below(0x60));
    const madeUp = wire.message(type, Buffer.from(Array.from({ length: this.#random.below(12) }, () => this.#random.below(256))));
    return this.#random.pick([[], [answer, answer], swapped, [madeUp, answer]]);
  }

  /** As many whole messages at once as the seed likes: sockets join and split. */
  #deliver(): void {
    const count = 1 + this.#random.below(this.#fromServer.length);
    this.#step({ kind: 'server', frames: Buffer.concat(this.#fromServer.splice(0, count)) });
  }

  /** As the relay does it: what cannot be read ends the connection. */
  #step(event: ConversationEvent): void {
    try {
      for (const effect of this.#conversation.step(event)) this.#apply(effect);
    } catch (cause) {
      if (!(cause instanceof ProtocolViolation)) throw cause;
      this.#step({ kind: 'closed', side: 'client' });
    }
  }

  #apply(effect: ConversationEffect): void {
    switch (effect.kind) {
      case 'ask':
        return this.#guard.ask('connection', effect.request, (judgement) =>
          this.#step(judgement.kind === 'cleared' ? { ...judgement, ask: effect.ask } : { ...judgement, ask: effect.ask }),
        );
      case 'send-upstream':
        this.#toServer.push(effect.frames);
        return;
      case 'send-client':
        this.toClient.push(effect.frames);
        return;
      case 'hold-client':
        this.held = effect.held;
        return;
      case 'outcome':
        return this.#guard.outcome(effect.decisionId, effect.outcome);
      case 'close':
        this.closed = true;
        return;
    }
  }
}
