import { Agent, type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http';
import type * as z from 'zod';
import { parseJson, readBytes } from './body.ts';
import { makeProof, targetUri } from './dpop.ts';
import { ControlError, isFaultCode } from './fault.ts';
import type { SigningKey } from './keys.ts';
import { CONTROL_BODY_BYTES_MAX, ControlFault } from './messages.ts';

/** A gateway as a client knows it, and the key and token it is spoken to with. */
export type Peer = {
  readonly socketPath: string;
  /** Null before its hello. */
  readonly gateway: string | null;
  readonly key: SigningKey;
  /** Null before the session. */
  readonly token: string | null;
  readonly nowMs: () => number;
  readonly newId: () => string;
};

export type Exchange = { readonly method: 'GET' | 'POST'; readonly path: string; readonly headers?: Readonly<Record<string, string>> };

/** Listeners in a cage, or the sealing of a large bundle, take their time; a gateway that is gone is noticed at once. */
const ANSWER_MS_MAX = 120_000;

/** One request and its JSON answer. @throws ControlError */
export async function exchange<T>(peer: Peer, what: Exchange, body: object | null, schema: z.ZodType<T>): Promise<T> {
  const headers = body === null ? {} : { 'content-type': 'application/json' };
  const request = await start(peer, { ...what, headers });
  const answered = answerOf(request);
  request.end(body === null ? undefined : JSON.stringify(body));
  return readAnswer(await answered, schema);
}

/** Starts a request that proves its sender; the caller sends the body and awaits `answerOf`. */
export async function start(peer: Peer, { method, path, headers = {} }: Exchange): Promise<ClientRequest> {
  return startRequest({
    socketPath: peer.socketPath,
    path,
    method,
    headers: { host: 'gateway', ...headers, ...(await credentials(peer, method, path)) },
    // One connection a request, and never one that an environment variable would have go elsewhere.
    agent: new Agent({ keepAlive: false }),
  });
}

async function credentials(peer: Peer, method: string, path: string): Promise<Record<string, string>> {
  if (peer.gateway === null) return {};
  const target = { method, uri: targetUri(peer.gateway, path), token: peer.token };
  const dpop = await makeProof(peer.key, target, peer.nowMs(), peer.newId());
  return peer.token === null ? { dpop } : { dpop, authorization: `DPoP ${peer.token}` };
}

export function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', (cause) => reject(unreachable(cause)));
  });
}

/** @throws ControlError the gateway's own, or `protocol` when the answer is none. */
export async function readAnswer<T>(answer: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const bytes = await readBytes(answer, CONTROL_BODY_BYTES_MAX, ANSWER_MS_MAX).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (answer.statusCode === 200) return parsed(bytes, schema);
  const { error } = parsed(bytes, ControlFault);
  throw new ControlError(isFaultCode(error.code) ? error.code : 'protocol', error.message);
}

function parsed<T>(bytes: Uint8Array, schema: z.ZodType<T>): T {
  try {
    return parseJson(bytes, schema);
  } catch (cause) {
    throw new ControlError('protocol', 'Cannot understand the gateway: its answer has another shape, expected the control protocol', {
      cause,
    });
  }
}

function unreachable(cause: unknown): ControlError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
  return new ControlError('unreachable', `Cannot reach the gateway: ${code}, expected it to answer on its socket`, { cause });
}
