import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Question = { readonly method: string; readonly url: URL; readonly headers: IncomingHttpHeaders; readonly body: Buffer };
export type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer };

/** One of the services that share the port. */
export type Service = { readonly prefix: string; answer(question: Question): Answer | Promise<Answer> };

/** What the wire knows of a request: path with query. */
export type AskedFor = { readonly method: string; readonly path: string };

/** `drop` closes the connection without a word; `hang` leaves it open without one. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: object }
  | 'drop'
  | 'hang';

export type HttpServer = {
  readonly base: string;
  readonly requests: readonly (AskedFor & { readonly status: number })[];
  serve(services: readonly Service[]): void;
  /** The next `times` requests that fit meet this instead of an answer. */
  fault(match: (request: AskedFor) => boolean, what: Fault, times?: number): void;
  stop(): Promise<void>;
};

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** An HTTP server on a loopback port of its own. `problems` takes what no service is for, and what breaks one. */
export async function startHttpServer(problems: string[]): Promise<HttpServer> {
  const requests: (AskedFor & { status: number })[] = [];
  const faults: { match: (request: AskedFor) => boolean; what: Fault; left: number }[] = [];
  let services: readonly Service[] = [];
  const server = createServer((request, response) => {
    const asked = { method: request.method ?? '', path: request.url ?? '/' };
    const entry = { ...asked, status: 0 };
    requests.push(entry);
    void answerTo(request, asked)
      .then((answer) => send(response, answer, entry))
      .catch((cause: unknown) => {
        // Whoever goes away while he is being answered is no problem of ours.
        if (!request.destroyed || request.complete) problems.push(`${asked.method} ${asked.path}: ${String(cause)}`);
        send(response, { status: 500, body: '{"message":"Server Error","msg":"internal error"}' }, entry);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // of a TCP server that listens

  async function answerTo(request: IncomingMessage, asked: AskedFor): Promise<Answer | 'drop' | 'hang'> {
    const body = await bodyOf(request);
    const planned = faults.find(({ match, left }) => left > 0 && match(asked));
    if (planned !== undefined) {
      planned.left -= 1;
      return typeof planned.what === 'string' ? planned.what : failure(planned.what);
    }
    if (body === null) return { status: 413 };
    const url = new URL(asked.path, base);
    const service = services.find(({ prefix }) => url.pathname.startsWith(prefix));
    if (service !== undefined) return service.answer({ method: asked.method, url, headers: request.headers, body });
    problems.push(`${asked.method} ${url.pathname}: an address that this simulator does not know`);
    return { status: 404 };
  }

  return {
    ...{ base, requests },
    serve(added) {
      services = [...services, ...added];
    },
    fault(match, what, times = 1) {
      faults.push({ match, what, left: times });
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, answer: Answer | 'drop' | 'hang', entry: { status: number }): void {
  if (answer === 'drop') response.destroy();
  if (typeof answer === 'string' || response.destroyed || response.headersSent) return;
  entry.status = answer.status;
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** Each client finds in it the member that it looks for. */
function failure({ status, headers = {}, body }: Exclude<Fault, string>): Answer {
  const text = JSON.stringify(
    body ?? { message: 'Failed as planned', msg: 'failed as planned', code: 'unavailable', status: String(status) },
  );
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: text };
}

/** Null: too large; the rest of it is read, and not kept. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes > BODY_BYTES_MAX ? null : Buffer.concat(chunks);
}

/** An answer in JSON. */
export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) };
}

/** The token of an `Authorization` header; null: there is none, or it is of another kind. */
export function bearerOf(headers: IncomingHttpHeaders): string | null {
  return /^(?:bearer|token) +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
