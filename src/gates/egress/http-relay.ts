import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { judgeRequest, onwardHeaders, type RequestJudgement } from '#core/egress/http-request.ts';
import type { Attempt } from './attempt.ts';
import type { EgressDestination } from './egress-gate.ts';

export type HttpRelayParts = {
  /** Null: there were too many. */
  readonly attempt: (to: EgressDestination) => Attempt | null;
  /** Null: there is no connection; that is written down. */
  readonly dial: (attempt: Attempt, said: { readonly protocol: 'http'; readonly seen: string }) => Promise<Socket | null>;
  readonly track: (work: Promise<void>) => void;
};

const HEADER_BYTES_MAX = 32 * 1024;
const IDLE_MS_MAX = 60_000;
const RESPONSE_MS_MAX = 10 * 60_000;

/**
 * Plain HTTP to a host that a rule covers: each request of a connection is parsed, judged and made anew (P9), so that none on it can
 * be for another host, and none has a second reading. Upgrades are passed over, as a server may (RFC 9110, 7.8).
 */
export class HttpRelay {
  readonly #parts: HttpRelayParts;
  readonly #server: Server;
  readonly #destinations = new WeakMap<object, EgressDestination>();

  constructor(parts: HttpRelayParts) {
    this.#parts = parts;
    this.#server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requireHostHeader: false, insecureHTTPParser: false });
    this.#server.on('request', (request, response) =>
      // What cannot be recorded is not answered: the session ends.
      parts.track(this.#relay(request, response).catch(() => void request.socket.destroy())),
    );
    this.#server.on('connect', (request: IncomingMessage, socket: Socket) => parts.track(this.#refuseTunnel(request, socket)));
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => parts.track(this.#malformed(error, socket)));
  }

  serve(socket: Socket, to: EgressDestination): void {
    this.#destinations.set(socket, to);
    socket.setTimeout(IDLE_MS_MAX, () => socket.destroy());
    this.#server.emit('connection', socket);
    socket.resume();
  }

  async #relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const to = this.#destinations.get(request.socket);
    if (to === undefined) return void request.socket.destroy();
    const attempt = this.#parts.attempt(to);
    if (attempt === null) return refuse(response, 503, 'the command has had more connections than it may have');
    const judgement = judge(request, to);
    if (judgement.kind === 'refused') {
      await attempt.refused(judgement.why, { protocol: 'http', seen: judgement.host });
      return refuse(response, judgement.status, judgement.why);
    }
    const upstream = await this.#parts.dial(attempt, { protocol: 'http', seen: judgement.host });
    if (upstream === null) return refuse(response, 502, 'the host cannot be reached, or must not be');
    request.socket.setTimeout(RESPONSE_MS_MAX);
    await exchange({ request, response, upstream, judgement }).catch(() => void response.destroy());
    upstream.destroy();
    request.socket.setTimeout(IDLE_MS_MAX);
    await attempt.closed(upstream);
  }

  async #refuseTunnel(request: IncomingMessage, socket: Socket): Promise<void> {
    const to = this.#destinations.get(socket);
    const judgement = to === undefined ? null : judge(request, to);
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    if (to === undefined || judgement === null) return;
    const why = judgement.kind === 'refused' ? judgement.why : 'it asks for a tunnel, and this is no proxy';
    await this.#parts.attempt(to)?.refused(why, { protocol: 'http', seen: request.url ?? null });
    socket.destroy();
  }

  async #malformed(error: NodeJS.ErrnoException, socket: Socket): Promise<void> {
    const to = this.#destinations.get(socket);
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    else socket.destroy();
    if (to === undefined || error.code === 'ECONNRESET') return;
    await this.#parts.attempt(to)?.refused('its request has no one reading', { protocol: 'http', seen: null });
    socket.destroy();
  }
}

function judge(request: IncomingMessage, { host, port }: EgressDestination): RequestJudgement {
  const { method = '', url = '', httpVersion, rawHeaders } = request;
  return judgeRequest({ method, target: url, httpVersion, rawHeaders }, { name: host, port });
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`duty-gate refuses this request: ${why}\n`);
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Socket;
  readonly judgement: Extract<RequestJudgement, { kind: 'allowed' }>;
};

/** One request and its answer. Resolves when the answer is out, or can be no more. */
async function exchange({ request, response, upstream, judgement: { path, headers } }: Exchange): Promise<void> {
  const outgoing = httpRequest({
    ...{ method: request.method, path, setHost: false, headers: [...headers, 'Connection', 'close'] },
    createConnection: () => upstream,
  });
  outgoing.on('error', () => (response.headersSent ? response.destroy() : refuse(response, 502, 'the host broke off')));
  outgoing.once('response', (incoming) => {
    incoming.on('error', () => response.destroy());
    // Its words are the server's, and may be none that can be said again.
    try {
      response.writeHead(incoming.statusCode ?? 502, [...onwardHeaders(incoming.rawHeaders)]);
      incoming.pipe(response);
    } catch {
      response.destroy();
    }
  });
  // A switch of protocols is neither an answer nor an error.
  outgoing.once('close', () => response.headersSent || response.destroyed || refuse(response, 502, 'the host gave no answer'));
  response.once('close', () => outgoing.destroy());
  request.on('error', () => outgoing.destroy());
  request.pipe(outgoing);
  await finished(response).catch(() => undefined);
}
