/**
 * `node fill-disk.ts KIND FOLDER SEED POINTS`, as root of its own mount namespace: writes a session on a file system that has a random
 * room, again and again, and prints what came of each as a line of JSON.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Random, seededRandom } from '#test/simulate/random.ts';
import { checkLeftOver } from './left-over.ts';
import { writeSession } from './session-writer.ts';

type Shortage = {
  /** Says how it was made short. */
  begin(folder: string, random: Random): string;
  /** There is enough, all at once. */
  relieve(folder: string): void;
};

/** A session takes about so much; the kernel gives whole pages. */
const KIB_MAX = 180;
/** A session has about so many files and folders. */
const INODES_MAX = 110;
/** No file of a session is much longer: they are continued in others. */
const FILE_BYTES_MAX = 8_000;
const ENOUGH = 'size=16m,nr_inodes=4000';

const limitFiles = (bytes: string): void =>
  void execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`], { stdio: ['ignore', 'ignore', 'inherit'] });

const remount = (folder: string, options: string): void => void execFileSync('mount', ['-o', `remount,${options}`, folder]);

const shortages: Readonly<Record<string, Shortage>> = {
  space: {
    begin(folder, random) {
      const options = `size=${4 * (1 + random.below(KIB_MAX / 4))}k,nr_inodes=4000`;
      remount(folder, options);
      return options;
    },
    relieve: (folder) => remount(folder, ENOUGH),
  },
  inodes: {
    begin(folder, random) {
      const options = `size=16m,nr_inodes=${2 + random.below(INODES_MAX)}`;
      remount(folder, options);
      return options;
    },
    relieve: (folder) => remount(folder, ENOUGH),
  },
  'file-size': {
    begin(_folder, random) {
      const bytes = String(random.below(FILE_BYTES_MAX));
      limitFiles(bytes);
      return `${bytes} bytes a file`;
    },
    relieve: () => limitFiles('unlimited'),
  },
};

const [kind = '', folder = '', seed = '0', points = '0'] = process.argv.slice(2);
const shortage = shortages[kind];
if (shortage === undefined)
  throw new Error(`Cannot fill a disk: the kind is ${kind}, expected one of ${Object.keys(shortages).join(', ')}`);
const random = seededRandom(Number(seed));

for (let n = 0; n < Number(points); n += 1) {
  execFileSync('mount', ['-t', 'tmpfs', '-o', ENOUGH, 'tmpfs', folder]);
  try {
    const how = shortage.begin(folder, random);
    const relieve = (): void => shortage.relieve(folder);
    const acknowledged = await writeSession({ parent: join(folder, 'evidence'), session: 's', seed: Number(seed) + n, relieve });
    const found = await checkLeftOver(join(folder, 'evidence', 's'), acknowledged, `${kind}, seed ${seed}, point ${n}, ${how}`);
    console.log(JSON.stringify({ how, verdict: found?.verdict ?? 'none', sealed: acknowledged.sealed, failures: acknowledged.failures }));
    shortage.relieve(folder);
  } finally {
    execFileSync('umount', [folder]);
  }
}
