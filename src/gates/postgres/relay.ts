import type { Socket } from 'node:net';
import type { JudgementRequest, Outcome } from '#core/operation/request.ts';
import type { Conversation, ConversationEffect, ConversationEvent } from '#gates/gate.ts';
import type { Clearance, Judgement } from '#session/guard.ts';
import { errorResponse } from './encode.ts';
import { FrameReader, ProtocolViolation } from './frames.ts';

export type RelaySetup = {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly upstreamReader: FrameReader;
  readonly clientFrameBytesMax: number;
  readonly conversation: Conversation;
  ask(request: JudgementRequest, answer: (judgement: Judgement) => void): void;
  /** Null: taken; else no more is brought until it resolves. */
  response(decisionId: string, bytes: Buffer): Promise<void> | null;
  outcome(decisionId: string, outcome: Outcome): void;
  /** Called once, when both sides are let go. */
  closed(why: string | null): void;
};

/**
 * Carries events to a conversation and its effects to the sockets: the only place of this gate that reads and writes
 * them once a session runs. Each side is read only as fast as the other takes it: nothing grows with a result.
 */
export class Relay {
  readonly #setup: RelaySetup;
  readonly #clientReader: FrameReader;
  #forClient: Buffer[] = [];
  #forUpstream: Buffer[] = [];
  #held = false;
  #ended = false;
  /** Responses that are still being kept. */
  #keeping = 0;

  constructor(setup: RelaySetup) {
    this.#setup = setup;
    this.#clientReader = new FrameReader({ frameBytesMax: setup.clientFrameBytesMax, oversize: 'refuse' });
  }

  start(): void {
    const { client, upstream } = this.#setup;
    client.on('data', (chunk: Buffer) => this.#fromClient(chunk));
    upstream.on('data', (chunk: Buffer) => this.#fromUpstream(chunk));
    client.on('drain', () => this.#regulate());
    upstream.on('drain', () => this.#regulate());
    client.on('close', () => this.#end(null));
    upstream.on('close', () => this.#orEnd(() => this.#step({ kind: 'closed', side: 'server' })));
    client.resume();
    upstream.resume();
    // Somebody may have gone before anybody listened.
    if (client.destroyed || upstream.destroyed) this.#end(null);
  }

  /** Tells the client in its protocol's words, and lets both sides go. */
  end(farewell: Buffer, why: string): void {
    if (!this.#ended) this.#setup.client.write(farewell);
    this.#end(why);
  }

  #fromClient(chunk: Buffer): void {
    this.#orEnd(() => {
      for (const batch of this.#clientReader.push(chunk)) {
        if (batch.kind === 'frames') this.#step({ kind: 'client', frames: batch.frames });
        else this.#step({ kind: 'client-oversized', type: batch.type, bytes: batch.bytes });
      }
    });
  }

  #fromUpstream(chunk: Buffer): void {
    this.#orEnd(() => {
      for (const batch of this.#setup.upstreamReader.push(chunk)) {
        if (batch.kind === 'frames') this.#step({ kind: 'server', frames: batch.frames });
      }
    });
  }

  #step(event: ConversationEvent): void {
    if (!this.#ended) this.#apply(this.#setup.conversation.step(event));
  }

  #apply(effects: readonly ConversationEffect[]): void {
    for (const effect of effects) this.#act(effect);
    this.#write();
    this.#regulate();
  }

  /** One write a side for all effects of a step: each costs a system call, and wakes the other end up. */
  #write(): void {
    const { client, upstream } = this.#setup;
    const [forClient, forUpstream] = [this.#forClient, this.#forUpstream];
    this.#forClient = [];
    this.#forUpstream = [];
    if (forUpstream.length > 0) upstream.write(joined(forUpstream));
    if (forClient.length > 0) client.write(joined(forClient));
  }

  #act(effect: ConversationEffect): void {
    switch (effect.kind) {
      case 'ask':
        return this.#setup.ask(effect.request, (judgement) => this.#orEnd(() => this.#answer(effect.ask, judgement)));
      case 'send-upstream':
        return this.#sendUpstream(effect.frames, effect.clearance);
      case 'send-client':
        this.#forClient.push(effect.frames);
        return;
      case 'hold-client':
        this.#held = effect.held;
        return;
      case 'response':
        return this.#keep(effect.decisionId, effect.bytes);
      case 'outcome':
        return this.#setup.outcome(effect.decisionId, effect.outcome);
      case 'close':
        return this.#end(effect.why);
    }
  }

  /** INVARIANT (P1): nothing goes upstream without a clearance; the parameter is the proof, and only session/guard.ts makes one. */
  #sendUpstream(frames: Buffer, _clearance: Clearance): void {
    this.#forUpstream.push(frames);
  }

  /** What cannot be kept goes to nobody any more (P2). */
  #keep(decisionId: string, bytes: Buffer): void {
    const kept = this.#setup.response(decisionId, bytes);
    if (kept === null) return;
    this.#keeping += 1;
    kept.then(
      () => {
        this.#keeping -= 1;
        this.#regulate();
      },
      () => this.#end('its responses cannot be recorded'),
    );
  }

  /** A clearance that comes after the end still goes to the conversation, which has its outcome recorded. */
  #answer(ask: number, judgement: Judgement): void {
    if (judgement.kind === 'refused') return this.#step({ kind: 'refused', ask, refusal: judgement.refusal });
    const { decisionId, clearance } = judgement;
    this.#apply(this.#setup.conversation.step({ kind: 'cleared', ask, decisionId, clearance }));
  }

  /** INVARIANT (P2): a side whose counterpart is slow is not read, so no buffer here grows past a socket's own. */
  #regulate(): void {
    if (this.#ended) return;
    const { client, upstream } = this.#setup;
    setPaused(client, this.#held || upstream.writableNeedDrain);
    setPaused(upstream, client.writableNeedDrain || this.#keeping > 0);
  }

  /** What no decoder can read ends the connection; our own faults end it too, never the policy (P2). */
  #orEnd(act: () => void): void {
    try {
      act();
    } catch (cause) {
      const why = faultOf(cause);
      const code = cause instanceof ProtocolViolation ? cause.code : INTERNAL_ERROR;
      this.end(errorResponse({ severity: 'FATAL', code, message: why, detail: null, hint: null }), why);
    }
  }

  #end(why: string | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#write();
    const { client, upstream, conversation } = this.#setup;
    let reason = why;
    try {
      for (const effect of conversation.step({ kind: 'closed', side: 'client' })) {
        if (effect.kind === 'response') void this.#setup.response(effect.decisionId, effect.bytes)?.catch(() => undefined);
        if (effect.kind === 'outcome') this.#setup.outcome(effect.decisionId, effect.outcome);
      }
    } catch (cause) {
      reason ??= faultOf(cause); // whatever is wrong with us, both sides are let go
    }
    letGo(upstream);
    letGo(client);
    this.#setup.closed(reason);
  }
}

/** Without the error's words, which may hold anything. */
function faultOf(cause: unknown): string {
  return cause instanceof ProtocolViolation ? cause.message : `internal fault: ${cause instanceof Error ? cause.name : 'unknown'}`;
}

/** How long a peer may take to read what was still on its way to it. */
const LINGER_MS = 10_000;

/** Sends what is buffered, then closes; a peer that reads no more holds its socket no longer than that. */
function letGo(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  if (socket.closed) clearTimeout(timer);
  socket.destroySoon();
}

/** internal_error */
const INTERNAL_ERROR = 'XX000';

function setPaused(socket: Socket, paused: boolean): void {
  if (paused === socket.isPaused()) return;
  if (paused) socket.pause();
  else socket.resume();
}

/** Small pieces are cheaper to copy than to hand over one by one; large ones are rows on their way, and few. */
function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}
