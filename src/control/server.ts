import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import type * as z from 'zod';
import { readJson } from './body.ts';
import { ReplayCache, targetUri, verifyProof } from './dpop.ts';
import { ControlError, FAULT_STATUS, isFaultCode } from './fault.ts';
import { type Lifeline, lifelineOf } from './lifeline.ts';
import type { ClaimAnswer, CloseAnswer, EndAnswer, Hello, LinkAnswer, OpenAnswer } from './messages.ts';
import {
  CageRequest,
  ClaimRequest,
  CONTROL_BODY_BYTES_MAX,
  ConfinementRequest,
  EndRequest,
  LinkRequest,
  Nothing,
  OpenRequest,
} from './messages.ts';
import type { SessionTokens } from './session-tokens.ts';

/** What the gateway does with requests that are well formed and authenticated. ControlErrors are answered; others are 500. */
export type ControlHandlers = {
  hello(): Hello;
  /** @param clientKey thumbprint of the key that signed the request; the session is bound to it. */
  open(request: OpenRequest, clientKey: string): Promise<Omit<OpenAnswer, 'token'>>;
  /** Tells of checkpoints; resolves when the session is over; never rejects for one that there is. */
  watch(session: string, tell: (checkpoint: string) => void): Promise<void>;
  startLink(session: string, request: LinkRequest): Promise<LinkAnswer>;
  claim(session: string, link: string, request: ClaimRequest): Promise<ClaimAnswer>;
  /** Resolves when the cage that lives by it has ended. */
  hold(session: string, link: string, lifeline: Lifeline): Promise<void>;
  enterCage(session: string, link: string, request: CageRequest): Promise<void>;
  confined(session: string, link: string, request: ConfinementRequest): Promise<void>;
  /** Resolves when the stream has been taken whole. */
  record(session: string, link: string, frames: Readable): Promise<void>;
  endLink(session: string, link: string, request: EndRequest): Promise<EndAnswer>;
  close(session: string): Promise<CloseAnswer>;
};

export type ControlServerSetup = {
  /** The gateway's name, part of what proofs are made for. */
  readonly gateway: string;
  readonly nowMs: () => number;
  readonly tokens: SessionTokens;
  readonly limits?: ControlLimits;
};

export type ControlLimits = { readonly headersMsMax: number; readonly bodyMsMax: number };

const LIMITS: ControlLimits = { headersMsMax: 5000, bodyMsMax: 10_000 };
const HEADER_BYTES_MAX = 16 * 1024;
/** Of 50 commands that one has started for it, each holds three. */
const CONNECTIONS_MAX = 512;
const WATCH_BEAT_MS = 1000;
/** How long a client that was told no may go on sending before it is cut off. */
const LINGER_MS_MAX = 1000;
const TOKEN = /^DPoP ([A-Za-z0-9_-]{43})$/;
const SESSION_PATH =
  /^\/v1\/sessions\/([A-Za-z0-9_-]{1,64})\/(?:(watch|links|close)|links\/([A-Za-z0-9_-]{1,64})\/(claim|hold|cage|confinement|recording|end))$/;

type Context = ControlServerSetup & {
  readonly handlers: ControlHandlers;
  readonly limits: ControlLimits;
  readonly proofs: ReplayCache;
};

/**
 * The gateway's end of the control protocol; the caller makes it listen. One request a connection.
 *
 * Who may connect is the transport's to say: for a Unix socket the modes of the folder (0700) and the socket (0600), since
 * Node cannot ask the kernel who the peer is (SO_PEERCRED).
 */
export function createControlServer(handlers: ControlHandlers, setup: ControlServerSetup): Server {
  const limits = setup.limits ?? LIMITS;
  const context: Context = { ...setup, handlers, limits, proofs: new ReplayCache() };
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: limits.headersMsMax,
      // Recordings last as long as their command; other bodies have a limit of their own (body.ts).
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(1000, limits.headersMsMax),
      requireHostHeader: true,
    },
    (request, response) => void serve(context, request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on('clientError', (_error, socket) => answerRaw(socket));
  return server;
}

async function serve(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => undefined);
  request.on('error', () => undefined);
  try {
    await route(context, request, response);
  } catch (error) {
    answerFault(request, response, error);
  }
}

async function route(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  switch (`${request.method} ${path}`) {
    case 'GET /v1/hello':
      return answer(response, context.handlers.hello());
    case 'POST /v1/sessions':
      return answer(response, await open(context, request));
  }
  const [, session, ofSession, link, ofLink] = SESSION_PATH.exec(path) ?? [];
  if (session === undefined || request.method !== (ofSession === 'watch' ? 'GET' : 'POST')) {
    throw new ControlError('not-found', 'Cannot serve the request: no such path and method, expected one of the control protocol');
  }
  await authenticate(context, request, session, link ?? (ofSession === 'watch' ? null : 'any'));
  if (link === undefined) await serveSession(context, session, ofSession, request, response);
  else await serveLink(context, { session, link }, ofLink, request, response);
}

async function serveSession(
  context: Context,
  session: string,
  action: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { handlers } = context;
  switch (action) {
    case 'watch':
      return watch(response, (tell) => handlers.watch(session, tell));
    case 'links':
      return answer(response, await handlers.startLink(session, await bodyOf(context, request, LinkRequest)));
    case 'close':
      await bodyOf(context, request, Nothing);
      return answer(response, await handlers.close(session));
  }
}

async function serveLink(
  context: Context,
  { session, link }: { readonly session: string; readonly link: string },
  action: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { handlers } = context;
  switch (action) {
    case 'claim':
      return answer(response, await handlers.claim(session, link, await bodyOf(context, request, ClaimRequest)));
    case 'hold':
      await bodyOf(context, request, Nothing);
      return handlers.hold(session, link, lifelineOf(response));
    case 'cage':
      await handlers.enterCage(session, link, await bodyOf(context, request, CageRequest));
      return answer(response, {});
    case 'confinement':
      await handlers.confined(session, link, await bodyOf(context, request, ConfinementRequest));
      return answer(response, {});
    case 'recording':
      await handlers.record(session, link, request);
      return answer(response, {});
    case 'end':
      return answer(response, await handlers.endLink(session, link, await bodyOf(context, request, EndRequest)));
  }
}

function bodyOf<T>({ limits }: Context, request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  return readJson(request, schema, CONTROL_BODY_BYTES_MAX, limits.bodyMsMax);
}

/** The proof binds the session to its key. It need not be remembered: what a copy of it could open, the token's nonce closes. */
async function open(context: Context, request: IncomingMessage): Promise<OpenAnswer> {
  const proof = await verifyProof(single(request, 'dpop'), proofTarget(context, request, null), context.nowMs());
  if (proof === null) throw unauthenticated('its proof of possession is not good');
  const body = await bodyOf(context, request, OpenRequest);
  const opened = await context.handlers.open(body, proof.thumbprint);
  return { ...opened, token: context.tokens.issue({ session: opened.session, clientKey: proof.thumbprint, link: null }) };
}

/**
 * @param link of which command the request is; null: of none, and harmless.
 *
 * RFC 9449, 4.3 and 7.1. The proof is remembered only once all else is known to be good: strangers cannot fill the cache.
 */
async function authenticate(context: Context, request: IncomingMessage, session: string, link: string | null): Promise<void> {
  const token = TOKEN.exec(single(request, 'authorization'))?.[1];
  const holder = token === undefined ? null : context.tokens.holder(token);
  if (token === undefined || holder === null || holder.session !== session) throw unauthenticated('its session token is not good for it');
  if (holder.link !== null && link !== null && holder.link !== link) throw unauthenticated('its session token is good for another command');
  const nowMs = context.nowMs();
  const proof = await verifyProof(single(request, 'dpop'), proofTarget(context, request, token), nowMs);
  if (proof === null || proof.thumbprint !== holder.clientKey) throw unauthenticated('its proof of possession is not good');
  if (!context.proofs.use(proof, nowMs)) throw unauthenticated('its proof was used before');
}

function proofTarget(context: Context, request: IncomingMessage, token: string | null) {
  return { method: request.method ?? '', uri: targetUri(context.gateway, request.url ?? ''), token };
}

/** A header that was sent twice is no header: two readers could pick different ones. */
function single(request: IncomingMessage, name: string): string {
  const values = request.headersDistinct[name] ?? [];
  const [value] = values;
  if (value === undefined || values.length !== 1) throw unauthenticated(`it has ${values.length} ${name} headers`);
  return value;
}

function unauthenticated(state: string): ControlError {
  return new ControlError('unauthenticated', `Cannot accept the request: ${state}, expected a fresh proof by the session's own key`);
}

/** A space a second, so that a reader can tell a silent gateway from a stopped one. */
async function watch(response: ServerResponse, watched: (tell: (line: string) => void) => Promise<void>): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' });
  response.write(' ');
  const ended = watched((line) => void (response.writable && response.write(`${line}\n`)));
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(' ');
  }, WATCH_BEAT_MS);
  const left = new Promise<void>((resolve) => void response.once('close', resolve));
  await Promise.race([ended, left]);
  clearInterval(beat);
  response.end();
}

function answer(response: ServerResponse, body: object, status = 200): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length, connection: 'close' });
  response.end(bytes);
}

/** Only errors made for the client are told to it; anything else is one of ours, and says nothing. */
function answerFault(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const known = error instanceof ControlError && isFaultCode(error.code) ? { code: error.code, message: error.message } : INTERNAL;
  answer(response, { error: known }, FAULT_STATUS[known.code]);
  // The rest of the body is let pass, or closing the socket over it would cost the client its answer.
  request.resume();
  setTimeout(() => request.socket.destroy(), LINGER_MS_MAX).unref();
}

const INTERNAL = { code: 'failed', message: 'Cannot serve the request: the gateway met an error of its own' } as const;

/** For bytes that are no HTTP request, and headers that are too large or too slow. */
function answerRaw(socket: Duplex): void {
  const body = JSON.stringify({ error: { code: 'malformed', message: 'Cannot read the request: it is no timely HTTP/1.1 request' } });
  if (!socket.writable) return void socket.destroy();
  const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}
