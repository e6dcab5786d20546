import { connect, type Socket } from 'node:net';

const ATTEMPT_MS_MAX = 5000;
const ADDRESSES_MAX = 8;

/**
 * Connects to the first of these addresses that answers, one after the other. They are addresses that were checked, and nothing is
 * looked up here.
 *
 * @param hold is given each socket before it connects.
 */
export async function dialFirst(addresses: readonly string[], port: number, hold: (socket: Socket) => void): Promise<Socket | null> {
  for (const host of addresses.slice(0, ADDRESSES_MAX)) {
    const socket = await dial(host, port, hold);
    if (socket !== null) return socket;
  }
  return null;
}

function dial(host: string, port: number, hold: (socket: Socket) => void): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    socket.on('error', () => undefined);
    const timer = setTimeout(() => socket.destroy(), ATTEMPT_MS_MAX);
    const settle = (answer: Socket | null): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    socket.once('connect', () => settle(socket));
    socket.once('close', () => settle(null));
    hold(socket);
  });
}
