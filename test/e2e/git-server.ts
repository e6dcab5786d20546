import { spawn } from 'node:child_process';
import type { RequestListener } from 'node:http';

/** A repository by git's smart protocol: git's own server program, by CGI (RFC 3875). @param root of repositories */
export function gitServer(root: string): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const header = (name: string): string => String(request.headers[name] ?? '');
    const backend = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...{
          PATH: process.env['PATH'],
          GIT_PROJECT_ROOT: root,
          GIT_HTTP_EXPORT_ALL: '1',
          REMOTE_USER: 'somebody',
          REMOTE_ADDR: '127.0.0.1',
        },
        ...{ REQUEST_METHOD: request.method, PATH_INFO: url.pathname, QUERY_STRING: url.search.slice(1) },
        ...{
          CONTENT_TYPE: header('content-type'),
          HTTP_CONTENT_ENCODING: header('content-encoding'),
          GIT_PROTOCOL: header('git-protocol'),
        },
        ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
      },
    });
    request.pipe(backend.stdin);
    backend.stdin.on('error', () => undefined);
    let head: Buffer | null = Buffer.alloc(0);
    backend.stdout.on('data', (chunk: Buffer) => {
      if (head === null) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      const lines = head.subarray(0, end).toString('latin1').split('\r\n');
      const headers = new Map(
        lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const status = Number.parseInt(headers.get('status') ?? '200', 10);
      headers.delete('status');
      response.writeHead(status, Object.fromEntries(headers));
      response.write(head.subarray(end + 4));
      head = null;
    });
    backend.once('close', () => response.end());
  };
}
