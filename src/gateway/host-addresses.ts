import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

const LOOK_UP_MS_MAX = 2000;

/**
 * What a target's host is called by outside the cage, for programs that bring an address along. No answer is no fault: the
 * target has its own address inside either way.
 */
export async function hostAddresses(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [];
  const late = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => late.resolve([]), LOOK_UP_MS_MAX);
  const found = lookup(host, { all: true }).then(
    (answers) => answers.map(({ address }) => address),
    () => [],
  );
  try {
    return await Promise.race([found, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
