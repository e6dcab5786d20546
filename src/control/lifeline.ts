import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import * as z from 'zod';
import { answerOf, type Peer, readAnswer, start } from './exchange.ts';

/** The gateway's end of the connection that a job's cage lives by: it is there for as long as this is open. */
export type Lifeline = {
  /** Lets go; whoever holds the other end is gone, or soon will be. */
  end(): void;
  destroy(): void;
  /** Resolves when nobody holds the other end any more. */
  readonly closed: Promise<void>;
};

/** Answers at once, with a body that has no end until the lifeline has one. */
export function lifelineOf(response: ServerResponse): Lifeline {
  const { socket } = response;
  response.writeHead(200, { 'content-type': 'application/octet-stream', connection: 'close' });
  response.flushHeaders();
  return {
    end: () => void response.end(),
    destroy: () => void socket?.destroy(),
    closed: new Promise((resolve) => {
      if (socket === null || socket.destroyed) return resolve();
      socket.once('close', () => resolve());
    }),
  };
}

/**
 * The client's end, for a process to inherit: it is given away before it is closed here.
 *
 * @throws ControlError when the gateway does not answer, or refuses.
 */
export async function openLifeline(peer: Peer, path: string): Promise<Socket> {
  const request = await start(peer, { method: 'POST', path, headers: { 'content-type': 'application/json' } });
  const answered = answerOf(request);
  request.end('{}');
  const answer: IncomingMessage = await answered;
  if (answer.statusCode !== 200) await readAnswer(answer, z.never());
  answer.on('error', () => undefined);
  return answer.socket;
}
