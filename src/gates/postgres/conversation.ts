import type { Conversation, ConversationEvent } from '#gates/gate.ts';
import { clientFrame, oversizedClientFrame } from './client-frames.ts';
import { type ConversationSetup, Machine } from './machine.ts';
import { serverFrames } from './server-frames.ts';

/**
 * One client's conversation with the server, from its first statement on: a state machine without sockets
 * (#gates/gate.ts). client-frames.ts says what each of the client's messages means, server-frames.ts what each answer
 * does, machine.ts keeps the state and the order.
 */
export function createConversation(setup: ConversationSetup): Conversation {
  const machine = new Machine(setup);
  /** Client frames that arrived while the conversation could not look at them. Bounded: the client is not read meanwhile. */
  let backlog: Buffer[] = [];

  function takeClientFrames(frames: Buffer): void {
    let offset = 0;
    while (offset < frames.length && !machine.closed) {
      if (machine.stalled || backlog.length > 0) {
        backlog.push(frames.subarray(offset));
        return;
      }
      const end = offset + 1 + frames.readUInt32BE(offset + 1);
      clientFrame(machine, frames, offset, end);
      offset = end;
    }
  }

  /** False when there was nothing to take. */
  function takeBacklog(): boolean {
    if (backlog.length === 0 || machine.stalled || machine.closed) return false;
    const waiting = backlog;
    backlog = [];
    for (const frames of waiting) takeClientFrames(frames);
    return true;
  }

  function take(event: ConversationEvent): void {
    switch (event.kind) {
      case 'client':
        takeClientFrames(event.frames);
        return;
      case 'client-oversized':
        oversizedClientFrame(machine, event.type, event.bytes);
        return;
      case 'server':
        serverFrames(machine, event.frames);
        return;
      case 'cleared':
        machine.cleared(event.ask, event.decisionId, event.clearance);
        return;
      case 'refused':
        machine.refused(event.ask, event.refusal);
        return;
      case 'closed':
        machine.close(event.side === 'server' ? 'the target closed the connection' : null);
        return;
    }
  }

  return {
    step(event) {
      take(event);
      do machine.endStep();
      while (machine.resumeIfDrained() || takeBacklog());
      return machine.takeEffects();
    },
  };
}
