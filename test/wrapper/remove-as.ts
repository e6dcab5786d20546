import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { asUser, type TestUser } from './users.ts';

const [REMOVING, AS_ROOT] = ['job-folder', 'remove-as-root'].map((name) => join(import.meta.dirname, `../../src/action/${name}.ts`));

/** Takes a job's folder away as the action does at the job's end. @returns what it complains of */
export function removeAs(user: TestUser, folder: string): string {
  const program = `import('${REMOVING}').then(async ({ removeJobFolder }) =>
    removeJobFolder('${folder}', (await import('${AS_ROOT}')).removeAsRoot))`;
  const [file = '', ...args] = asUser(user, ['PATH=/usr/bin:/bin'], [process.execPath, '-e', program]);
  return spawnSync(file, args, { cwd: '/', encoding: 'utf8' }).stderr;
}
