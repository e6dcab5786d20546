import { createSocket } from 'node:dgram';
import { createServer, isIPv6 } from 'node:net';
import type { GatewayMessage, HelperMessage, ListenRequest } from './listen-messages.ts';

/**
 * The helper that a gateway sends into a cage's network namespace: it listens where it is told, passes each handle up
 * the IPC channel, and leaves. It is started by listeners.ts, never by hand.
 */
const CONNECTED_CHECK_MS = 100;

type Handle = ReturnType<typeof createServer> | ReturnType<typeof createSocket>;

process.on('message', (message: GatewayMessage) => {
  switch (message.kind) {
    case 'listen':
      for (const request of message.requests) listen(request);
      return;
    case 'thanks':
      process.exit(0);
  }
});
// The gateway is gone: so is the reason to be here. The event alone will not do: Node emits none for an end that comes
// before this program is loaded, or while handles wait to be taken.
process.on('disconnect', () => process.exit(1));
setInterval(() => process.connected || process.exit(1), CONNECTED_CHECK_MS);

function listen(request: ListenRequest): void {
  const { index, address, port } = request;
  const answer = (handle: Handle): void => send({ kind: 'listening', index }, handle);
  const fail = (error: NodeJS.ErrnoException): void => send({ kind: 'failed', index, code: error.code ?? 'EIO' });
  if (request.kind === 'resolver-udp') {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', ipv6Only: isIPv6(address) });
    socket.once('error', fail);
    socket.bind({ address, port, exclusive: true }, () => answer(socket));
    return;
  }
  const server = createServer();
  server.once('error', fail);
  server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) }, () => answer(server));
}

function send(message: HelperMessage, handle?: Handle): void {
  process.send?.(message, handle);
}
