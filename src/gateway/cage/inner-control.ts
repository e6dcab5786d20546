import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Whoami } from '#core/chain/whoami.ts';
import { INNER_CONTROL_PORT, INNER_CONTROLS } from '#core/chain/whoami.ts';
import { NESTED_PATH, NESTED_UPGRADE } from '#core/nested/request.ts';
import type { PlacedTarget } from './addresses.ts';
import type { IdentityBroker } from './identity-broker.ts';

/** Listened at like a target; no target of a policy can have this name. */
export const INNER_CONTROL: PlacedTarget = {
  target: ':control',
  names: [],
  listen: INNER_CONTROLS.map((address) => ({ address, port: INNER_CONTROL_PORT })),
};

const CONNECTIONS_MAX = 32;
const HEADER_BYTES_MAX = 8 * 1024;
/** From its beginning to its end: node's own limits on slow requests hold only for servers that listen themselves. */
const CONNECTION_MS_MAX = 15_000;
const REQUESTS_A_CONNECTION_MAX = 16;

/**
 * What the processes of one cage may ask the gateway: HTTP/1.1 at a fixed address inside. Whoever asks is whoever is in the cage
 * that the listener is in (R21): nothing in a request says who it is. They are hostile, so there is little to ask, and little of it.
 */
export class InnerControl {
  readonly #server: Server;
  /** With what ends them. */
  readonly #sockets = new Map<Socket, NodeJS.Timeout>();

  readonly #connectionMsMax: number;
  #closed = false;

  /** @param broker null: nobody may ask for tokens. @param nest takes the connection of who wants a command run. */
  constructor(
    whoami: () => Whoami,
    broker: Pick<IdentityBroker, 'answer'> | null,
    nest: (socket: Socket) => void,
    connectionMsMax = CONNECTION_MS_MAX,
  ) {
    this.#connectionMsMax = connectionMsMax;
    this.#server = createServer({ maxHeaderSize: HEADER_BYTES_MAX }, (request, response) => answer(request, response, { whoami, broker }));
    this.#server.maxRequestsPerSocket = REQUESTS_A_CONNECTION_MAX;
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      const isNested = request.url === NESTED_PATH && request.method === 'GET' && request.headers.upgrade === NESTED_UPGRADE;
      if (!isNested || head.length > 0 || this.#closed) return void socket.destroy();
      // Its limits are others from here on: those of delegation.
      this.#release(socket);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${NESTED_UPGRADE}\r\n\r\n`);
      nest(socket);
    });
  }

  accept(socket: Socket): void {
    if (this.#closed || this.#sockets.size >= CONNECTIONS_MAX) return void socket.destroy();
    this.#sockets.set(socket, setTimeout(() => socket.destroy(), this.#connectionMsMax).unref());
    socket.on('error', () => undefined);
    socket.once('close', () => this.#release(socket));
    this.#server.emit('connection', socket);
  }

  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #release(socket: Socket): void {
    clearTimeout(this.#sockets.get(socket));
    this.#sockets.delete(socket);
  }
}

type Answerers = { readonly whoami: () => Whoami; readonly broker: Pick<IdentityBroker, 'answer'> | null };

const TOKEN_PATH = '/oidc/token';
/** As the runner's own address has one, a client adds `&audience=…`. */
export const IDENTITY_URL = `http://${INNER_CONTROLS[0]}${TOKEN_PATH}?api-version=2.0`;

function answer(request: IncomingMessage, response: ServerResponse, { whoami, broker }: Answerers): void {
  const has = { body: request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined };
  if (has.body) return send(response.setHeader('connection', 'close'), 413, { error: 'a request has no body here' });
  const url = request.url ?? '';
  const isToken = broker !== null && url.startsWith(`${TOKEN_PATH}?`);
  if (url !== '/whoami' && !isToken) return send(response, 404, { error: 'there is no such thing here' });
  if (request.method !== 'GET') return send(response.setHeader('allow', 'GET'), 405, { error: 'it can only be read' });
  if (!isToken) return send(response, 200, whoami());
  broker.answer(url.slice(TOKEN_PATH.length + 1)).then(
    ({ status, body }) => send(response, status, body),
    // It could not be recorded: the session ends.
    () => void response.destroy(),
  );
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
