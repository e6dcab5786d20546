export type FetchLimits = {
  /** Of the body as it is decoded: a small compressed one can be large. */
  readonly bytesMax: number;
  readonly msMax: number;
};

/**
 * A request that ends in time and brings a body of at most `bytesMax + 1` bytes: one more than the limit shows that it is over it,
 * and the rest is not read. Redirects are answers like others: nothing is sent to where the other end points.
 * Rejects with whatever fetch rejects with.
 */
export async function boundedFetch(url: string | URL, init: RequestInit, { bytesMax, msMax }: FetchLimits): Promise<Response> {
  const signals = [AbortSignal.timeout(msMax), ...(init.signal instanceof AbortSignal ? [init.signal] : [])];
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) });
  const body = await readAtMost(response, bytesMax + 1);
  return new Response(BODILESS.has(response.status) ? null : body, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
}

/** Fetch's own list (null body status) of what Response refuses to have a body for. */
const BODILESS: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

async function readAtMost(response: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= bytesMax) break; // cancels the rest
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, bytesMax));
}
