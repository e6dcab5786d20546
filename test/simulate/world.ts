import type { AuditEntry } from '#core/audit/entry.ts';
import type { ConversationEffect, ConversationEvent } from '#gates/gate.ts';
import { createConversation } from '#gates/postgres/conversation.ts';
import { createGuard } from '#session/guard.ts';
import type { ModelServer } from './model-server.ts';
import type { Random } from './random.ts';
import { factsOf, KEEPER, NO_MASKS } from './vocabulary.ts';
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
  readonly #random: Random;
  readonly #server: ModelServer;
  readonly #conversation;
  readonly #guard;

  constructor(random: Random, server: ModelServer) {
    this.#random = random;
    this.#server = server;
    let ids = 0;
    let micros = 0;
    this.#guard = createGuard({
      duty: KEEPER,
      audit: {
        append: (entry, written) => {
          this.audit.push(entry);
          if (written !== undefined) this.#written.push(() => written({ ok: true }));
        },
      },
      ids: { next: () => `id-${ids++}` },
      clock: { nowMs: () => 0, monotonicMicros: () => micros++ },
    });
    this.#conversation = createConversation({
      target: 'things-db',
      database: 'things',
      classify: (text) => factsOf(text.toString('utf8')),
      masks: NO_MASKS,
      forPeople: (text) => text,
      preview: this.#guard.preview,
      inert: this.#guard.inert,
      targetEpoch: { value: 0 },
      encoding: { clientEncoding: 'UTF8', standardConformingStrings: 'on' },
    });
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
    for (const { type, body } of wire.messages(frames)) this.#fromServer.push(...this.#server.receive(type, body));
  }

  /** As many whole messages at once as the seed likes: sockets join and split. */
  #deliver(): void {
    const count = 1 + this.#random.below(this.#fromServer.length);
    this.#step({ kind: 'server', frames: Buffer.concat(this.#fromServer.splice(0, count)) });
  }

  #step(event: ConversationEvent): void {
    for (const effect of this.#conversation.step(event)) this.#apply(effect);
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
