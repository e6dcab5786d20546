import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FilesPlan } from '#wrapper/plan.ts';
import type { TestUser } from './users.ts';

/** A runner's folders as a job has them, all the user's own, and what its wrapped commands may write of them. */
export type JobPlace = {
  readonly root: string;
  readonly at: (path: string) => string;
  readonly workspace: string;
  readonly home: string;
  readonly temp: string;
  readonly files: FilesPlan;
  remove(): void;
};

const FILES = {
  'home/.bashrc': 'host\n',
  'home/deep/er/file': 'host\n',
  'home/work/_temp/script': 'host\n',
  'home/work/_temp/_runner_file_commands/set_env_1': '',
  'home/work/repo/repo/README': 'host\n',
  'home/work/repo/repo/.git/config': 'host\n',
  'home/work/repo/repo/.git/hooks/pre-commit': 'host\n',
  'home/work/repo/repo/.github/workflows/ci.yml': 'host\n',
  'home/work/repo/repo/action.yml': 'host\n',
  'tools/node': 'host\n',
  'evidence/audit.jsonl': 'evidence-of-the-host\n',
} as const;

export function makeJobPlace(user: TestUser): JobPlace {
  const root = realpathSync(mkdtempSync('/tmp/duty-gate-place-'));
  const at = (path: string): string => join(root, path);
  const own = (path: string, mode: number): void => {
    chmodSync(path, mode);
    if (process.getuid?.() === 0) chownSync(path, user.uid, user.gid);
  };
  own(root, 0o755);
  for (const [path, text] of Object.entries(FILES)) {
    const folders = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= folders.length; depth++) {
      const folder = at(folders.slice(0, depth).join('/'));
      mkdirSync(folder, { recursive: true });
      own(folder, 0o755);
    }
    writeFileSync(at(path), text);
    own(at(path), 0o644);
  }
  mkdirSync(at('layers'));
  own(at('layers'), 0o700);
  const workspace = at('home/work/repo/repo');
  const files: FilesPlan = {
    writable: [workspace],
    layered: [at('home'), at('home/work/_temp'), at('tools')],
    layersFolder: at('layers'),
    protected: ['.github', '.git/hooks', 'action.yml'].map((path) => join(workspace, path)),
  };
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  return { root, at, workspace, home: at('home'), temp: at('home/work/_temp'), files, remove };
}
