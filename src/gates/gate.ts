import type { Socket } from 'node:net';
import type { Refusal } from '#core/operation/refusal.ts';
import type { JudgementRequest, Outcome } from '#core/operation/request.ts';
import type { Clearance } from '#session/guard.ts';

/**
 * What every protocol's gate is: one interface, and the contract of the conversation inside it.
 *
 * A conversation is a state machine without sockets: it is stepped with events and answers with effects, in order.
 * Frames are Buffers that hold whole frames of the protocol, one or more, and are never written to after the step.
 */
export type Side = 'client' | 'server';

export type ConversationEvent =
  | { readonly kind: 'client'; readonly frames: Buffer }
  | { readonly kind: 'server'; readonly frames: Buffer }
  /** The client began a frame larger than its limit. Its bytes are dropped by the connection; this stands in its place. */
  | { readonly kind: 'client-oversized'; readonly type: number; readonly bytes: number }
  /** The answer to an `ask`. Asks are answered in the order they were made. */
  | { readonly kind: 'cleared'; readonly ask: number; readonly decisionId: string; readonly clearance: Clearance }
  | { readonly kind: 'refused'; readonly ask: number; readonly refusal: Refusal }
  /** That side said goodbye or broke. */
  | { readonly kind: 'closed'; readonly side: Side };

export type ConversationEffect =
  /** Have the guard judge and record this; a `cleared` or `refused` event answers. */
  | { readonly kind: 'ask'; readonly ask: number; readonly request: JudgementRequest }
  | { readonly kind: 'send-upstream'; readonly frames: Buffer; readonly clearance: Clearance }
  | { readonly kind: 'send-client'; readonly frames: Buffer }
  /** Stop, or go on, reading from the client: the conversation cannot take more until something arrives. */
  | { readonly kind: 'hold-client'; readonly held: boolean }
  /** More of a cleared operation's response, as the client gets it; only where responses are kept. */
  | { readonly kind: 'response'; readonly decisionId: string; readonly bytes: Buffer }
  | { readonly kind: 'outcome'; readonly decisionId: string; readonly outcome: Outcome }
  | { readonly kind: 'close'; readonly why: string | null };

export type Conversation = { step(event: ConversationEvent): readonly ConversationEffect[] };

/** How many connections are open out of one cage, whatever their target, and how many may be. */
export type ConnectionCount = { open: number; readonly max: number };

/** A gate for one target and one command of a session: takes the connections that its listeners accept. */
export type Gate = {
  /** Takes over the socket. Never throws; what goes wrong is answered in the protocol and recorded. */
  accept(socket: Socket): void;
  /** Ends every connection, telling each client why in its protocol's own words. */
  close(why: string): Promise<void>;
};
