import type { Socket } from 'node:net';

const IDLE_MS_MAX = 10 * 60_000;

/** Carries bytes both ways, no faster than the slower side takes them. Each side's end is passed on; resolves when both are gone. */
export async function tunnel(client: Socket, upstream: Socket, idleMsMax = IDLE_MS_MAX): Promise<void> {
  const both = [client, upstream] as const;
  const end = (): void => {
    for (const socket of both) socket.destroy();
  };
  const gone = both.map((socket) =>
    socket.closed ? Promise.resolve() : new Promise<void>((resolve) => void socket.once('close', () => resolve())),
  );
  for (const socket of both) {
    socket.setTimeout(idleMsMax, () => {
      // Bytes that flow the other way alone are no idleness.
      if (both.every(({ timeout }) => timeout === idleMsMax)) end();
    });
    socket.once('error', end);
    socket.once('close', (hadError) => hadError && end());
  }
  client.pipe(upstream);
  upstream.pipe(client);
  // A side that went away without an end leaves the other one nothing to wait for.
  client.once('close', () => upstream.destroyed || upstream.writableEnded || upstream.destroy());
  upstream.once('close', () => client.destroyed || client.writableEnded || client.destroy());
  if (both.some(({ destroyed }) => destroyed)) end();
  await Promise.all(gone);
}
