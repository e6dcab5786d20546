import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Takes the upper layers for one cage at a time: two overlays over the same ones are undefined to the kernel.
 *
 * The lock is an abstract Unix socket of the host's network namespace: it goes with this process, however that ends, and
 * nothing caged can see or take it.
 *
 * @param layersFolder absolute, real.
 * @returns what gives it back; null when another cage has it, or it cannot be had.
 */
export function lockLayers(layersFolder: string): Promise<(() => void) | null> {
  const name = createHash('sha256').update(layersFolder).digest('hex');
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(`\0duty-gate-layers-${name}`, () => resolve(() => void server.close()));
  });
}
