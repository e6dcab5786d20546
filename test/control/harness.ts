import { mkdtempSync, rmSync } from 'node:fs';
import { request as startRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { TestContext } from 'node:test';
import { makeProof, targetUri } from '#control/dpop.ts';
import { createSigningKey, type SigningKey } from '#control/keys.ts';
import type { CageRequest, ConfinementRequest, EndRequest, LinkRequest, OpenRequest } from '#control/messages.ts';
import { type ControlHandlers, type ControlLimits, createControlServer } from '#control/server.ts';
import { SessionTokens } from '#control/session-tokens.ts';
import { sessionAudience } from '#core/identity/audience.ts';

/** A control server on a real Unix socket with handlers that remember what reached them. */
export type TestServer = {
  readonly socketPath: string;
  readonly gateway: string;
  readonly evidenceKey: SigningKey;
  readonly opened: { request: OpenRequest; clientKey: string }[];
  readonly started: LinkRequest[];
  readonly caged: CageRequest[];
  readonly confined: ConfinementRequest[];
  readonly endings: EndRequest[];
  readonly recorded: Buffer[];
  readonly tokens: SessionTokens;
  clockMs: number;
  /** Ends the session, as the gateway would. */
  endSession(): void;
  stop(): void;
};

const NONCE = 'nonce-of-the-test-server';
const KEEPS = { recordings: 'full', responses: 'digest' } as const;
export const CHECKPOINT = 'dgc1.session-1.1.last.key.sig';
export const SESSION = 'session-1';
export const LINK = '1';

export async function startServer(
  t: TestContext,
  options: { limits?: ControlLimits; handlers?: Partial<ControlHandlers> } = {},
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'duty-gate-control-'));
  const socketPath = join(folder, 'control.sock');
  const evidenceKey = createSigningKey();
  const gateway = evidenceKey.thumbprint;
  const ended = Promise.withResolvers<void>();
  const opened: TestServer['opened'] = [];
  const caged: CageRequest[] = [];
  const confined: ConfinementRequest[] = [];
  const started: LinkRequest[] = [];
  const endings: EndRequest[] = [];
  const recorded: Buffer[] = [];
  const handlers: ControlHandlers = {
    hello: () => ({ version: 1, gateway, nonce: NONCE, evidenceKey: gateway }),
    async open(request, clientKey) {
      opened.push({ request, clientKey });
      return {
        session: SESSION,
        duty: 'reader',
        targets: [],
        resolvers: [],
        ca: 'PEM',
        evidence: '/evidence',
        hide: [],
        passEnv: [],
        persist: [],
        agents: [],
        identityUrl: null,
        keeps: KEEPS,
        checkpoint: CHECKPOINT,
      };
    },
    async startLink(_session, request) {
      started.push(request);
      return { link: LINK };
    },
    claim: async () => ({ kind: 'make', cage: 'cage-1' }),
    hold: async (_session, _link, lifeline) => {
      await lifeline.closed;
    },
    async enterCage(_session, _link, request) {
      caged.push(request);
    },
    async confined(_session, _link, request) {
      confined.push(request);
    },
    async record(_session, _link, frames: Readable) {
      const sink = new PassThrough();
      sink.on('data', (chunk: Buffer) => recorded.push(chunk));
      frames.pipe(sink);
      await finished(sink);
    },
    watch: (_session, tell) => {
      tell(CHECKPOINT);
      return ended.promise;
    },
    async endLink(_session, _link, request) {
      endings.push(request);
      return { allowed: 1, refused: 2, masked: 3, checkpoint: CHECKPOINT };
    },
    async close() {
      return { evidence: '/evidence', allowed: 1, refused: 2, masked: 3, checkpoint: CHECKPOINT };
    },
    ...options.handlers,
  };
  const server: TestServer = {
    ...{
      socketPath,
      gateway,
      evidenceKey,
      opened,
      started,
      caged,
      confined,
      endings,
      recorded,
      tokens: new SessionTokens(),
      clockMs: Date.now(),
      endSession: ended.resolve,
    },
    stop() {
      http.closeAllConnections();
      http.close();
    },
  };
  const http = createControlServer(handlers, {
    gateway,
    tokens: server.tokens,
    nowMs: () => server.clockMs,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  await new Promise<void>((resolve) => void http.listen(socketPath, resolve));
  t.after(() => {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return server;
}

export type RawAnswer = { readonly status: number; readonly body: { error?: { code: string; message: string } } & Record<string, unknown> };

export type RawRequest = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
};

/** A request that proves nothing by itself. */
export function send(
  server: { readonly socketPath: string },
  { method = 'POST', path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = { host: 'gateway', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const request = startRequest({ socketPath: server.socketPath, path, method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The headers of a good request, or of one that differs in what `but` says. */
export async function credentials(
  server: TestServer,
  key: SigningKey,
  request: { method: string; path: string; token: string | null },
  but: { uri?: string; method?: string; proofToken?: string | null; nowMs?: number; jti?: string } = {},
): Promise<Record<string, string>> {
  const target = {
    method: but.method ?? request.method,
    uri: but.uri ?? targetUri(server.gateway, request.path),
    token: but.proofToken === undefined ? request.token : but.proofToken,
  };
  const dpop = await makeProof(key, target, but.nowMs ?? server.clockMs, but.jti ?? crypto.randomUUID());
  return request.token === null ? { dpop } : { dpop, authorization: `DPoP ${request.token}` };
}

/** Opens a session by hand. @returns its token. */
export async function openByHand(server: TestServer, key: SigningKey): Promise<string> {
  const headers = await credentials(server, key, { method: 'POST', path: '/v1/sessions', token: null });
  const answer = await send(server, { path: '/v1/sessions', headers, body: JSON.stringify({ token: 'x', duty: null }) });
  return String(answer.body['token']);
}

export function audienceFor(server: TestServer, clientKey: string): string {
  return sessionAudience({ gateway: server.gateway, nonce: NONCE, clientKey, evidenceKey: server.evidenceKey.thumbprint });
}

/** Writes the pieces one by one, each once the one before is out, and reads to the end. */
export function sendPieces(server: { readonly socketPath: string }, pieces: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.socketPath);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    const next = (index: number): void => {
      const piece = pieces[index];
      if (piece !== undefined) socket.write(piece, () => setImmediate(next, index + 1));
    };
    next(0);
  });
}
