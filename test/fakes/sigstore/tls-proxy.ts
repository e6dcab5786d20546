import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { makeServerCertificate } from '#test/servers/certificates.ts';

export type TlsProxy = {
  /** For `https_proxy`. */
  readonly url: string;
  /** PEM of the authority that vouches for the names. */
  readonly authority: string;
  /** Every `host:port` that somebody wanted to reach. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
};

/**
 * A proxy (CONNECT, RFC 9110 9.3.6) behind which these names are one HTTP server on loopback, each over TLS with a certificate of its
 * own name. It reaches nothing else, so that addresses fixed in a library can be answered without changing the library.
 */
export async function startTlsProxy(names: readonly string[], base: string): Promise<TlsProxy> {
  const { ca, certificate, key } = await makeServerCertificate(names);
  const secureContext = createSecureContext({ cert: certificate, key });
  const asked: string[] = [];
  const open = new Set<Duplex>();
  const keep = <S extends Duplex>(socket: S): S => {
    open.add(socket);
    // Whoever goes away is no fault of the proxy.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((_, response) => void response.writeHead(405).end());
  server.on('connect', ({ url = '' }, client: Socket) => {
    keep(client);
    asked.push(url);
    const [host = '', port] = url.split(':');
    if (!names.includes(host) || port !== '443') return void client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    const clear = keep(new TLSSocket(client, { isServer: true, secureContext }));
    const target = keep(connect(Number(new URL(base).port), '127.0.0.1'));
    clear.pipe(target).pipe(clear);
    clear.on('close', () => target.destroy());
    target.on('close', () => clear.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // of a TCP server that listens
    authority: ca,
    asked,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
