/**
 * `node fill-disk.ts FOLDER SEED POINTS`, as root of its own mount namespace: writes a session on a file system of a random size, again
 * and again, and prints what came of each as a line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { seededRandom } from '#test/simulate/random.ts';
import { checkLeftOver } from './left-over.ts';
import { writeSession } from './session-writer.ts';

const [folder = '', seed = '0', points = '0'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
/** A session takes about so much; the kernel gives whole pages. */
const KIB_MAX = 180;

for (let n = 0; n < Number(points); n += 1) {
  const kib = 4 * (1 + random.below(KIB_MAX / 4));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k,nr_inodes=200`, 'tmpfs', folder]);
  try {
    const acknowledged = await writeSession({ parent: join(folder, 'evidence'), session: 's', seed: Number(seed) + n });
    const found = await checkLeftOver(join(folder, 'evidence', 's'), acknowledged, `seed ${seed}, point ${n}, ${kib} KiB`);
    console.log(JSON.stringify({ kib, verdict: found?.verdict ?? 'none', sealed: acknowledged.sealed, failures: acknowledged.failures }));
  } finally {
    execFileSync('umount', [folder]);
  }
}
