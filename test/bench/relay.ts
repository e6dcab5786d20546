/**
 * A relay that looks at nothing: what Node costs before any judging. `node relay.ts HOST PORT`, prints `ready on PORT`.
 */
import { connect, createServer } from 'node:net';

const [host, port] = process.argv.slice(2);
const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
  const upstream = connect({ host: host ?? '127.0.0.1', port: Number(port), noDelay: true, allowHalfOpen: true });
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`ready on ${address !== null && typeof address === 'object' ? address.port : 0}`);
});
