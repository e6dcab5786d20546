import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type JobSession, openJob } from './job-session.ts';
import { asUser, type TestUser, testUsers } from './users.ts';

/** As actions/checkout leaves it. */
const HEADER = '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic c2VjcmV0\n';

async function makeJob(
  t: TestContext,
  user: TestUser,
): Promise<JobSession & { readonly config: string; git(...args: readonly string[]): string }> {
  const job = await openJob(t, user);
  const git = (...args: readonly string[]): string => {
    const [file = '', ...words] = asUser(user, ['PATH=/usr/bin:/bin', 'HOME=/nowhere'], ['git', '-C', job.workspace, ...args]);
    const { status, stdout, stderr } = spawnSync(file, words, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout.trim();
  };
  git('init', '-q', '-b', 'main');
  git('remote', 'add', 'origin', 'https://github.com/acme/shop');
  const config = join(job.workspace, '.git/config');
  writeFileSync(config, readFileSync(config, 'utf8') + HEADER);
  return { ...job, config, git };
}

for (const user of testUsers()) {
  describe(`a repository's configuration, for ${user.label},`, () => {
    test('R12 is shown without credentials, and can be changed as outside; R17 what git would run does not stay', async (t) => {
      const { run, config, git } = await makeJob(t, user);
      const before = readFileSync(config, 'utf8');
      const first = run([
        'run',
        '--',
        'bash',
        '--norc',
        '-ec',
        `
        cat .git/config | grep -c AUTHORIZATION || true
        git config user.name me; git config core.hooksPath /tmp/hooks; git config alias.st '!id'
        git remote set-url origin https://github.com/acme/new
        git remote add evil 'ext::sh -c id'
        for way in 'mv .git/config .git/x' 'rm -f .git/config' 'mv .git .gone' 'ln -sf /tmp/x .git/config'; do $way 2>/dev/null && echo "$way"; done
        git config core.hooksPath`,
      ]);
      assert.equal(first.status, 0, first.stderr);
      assert.deepEqual(first.stdout.trim().split(/\r?\n/), ['0', '/tmp/hooks']);
      assert.deepEqual(
        [...first.stderr.matchAll(/not kept in .*: "([^"]+)": /g)].map(([, name]) => name),
        ['core.hookspath', 'alias.st', 'remote.evil.url'],
      );
      assert.equal(
        git('config', '--local', '--get-regexp', 'hooks|alias|evil.url|user|origin.url'),
        'remote.origin.url https://github.com/acme/new\nuser.name me',
      );
      assert.ok(readFileSync(config, 'utf8').includes(HEADER) && before.includes(HEADER));
      assert.ok(!existsSync(join(config, '..', 'x')));
      // The next command of the job finds what the first one left.
      const second = run([
        'run',
        '--',
        'bash',
        '--norc',
        '-c',
        'git config core.hooksPath; git remote get-url origin; git commit -q --allow-empty -m x --no-verify; git log --format=%an',
      ]);
      assert.deepEqual(second.stdout.trim().split(/\r?\n/).slice(0, 2), ['/tmp/hooks', 'https://github.com/acme/new'], second.stderr);
      assert.doesNotMatch(second.stderr, /not kept/);
    });

    test('R19 is shown as a copy again when a step outside has replaced it, and that has the last word', async (t) => {
      const { run, config, git } = await makeJob(t, user);
      assert.equal(run(['run', '--', 'git', 'config', 'core.editor', 'x']).status, 0);
      // By renaming, as git does: what was mounted on the file goes with it.
      git('config', 'http.https://example.com/.extraheader', 'AUTHORIZATION: other');
      writeFileSync(`${config}.new`, readFileSync(config));
      renameSync(`${config}.new`, config);
      if (user.uid !== 0) spawnSync('chown', [`${user.uid}:${user.gid}`, config]);
      const { stdout, stderr } = run([
        'run',
        '--',
        'bash',
        '--norc',
        '-c',
        'grep -c AUTHORIZATION .git/config; git config core.editor; echo $?',
      ]);
      assert.deepEqual(stdout.trim().split(/\r?\n/), ['0', '1'], stderr);
    });
  });
}

test('R12 a repository beside, with credentials, and files that configurations include are covered, too', async (t) => {
  const [user] = testUsers();
  assert.ok(user !== undefined);
  const { run, workspace, jobFolder } = await makeJob(t, user);
  const temp = join(jobFolder, '../temp');
  for (const folder of [temp, join(workspace, 'deep/other/.git'), join(workspace, 'plain/.git')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(temp, 'git-credentials-1.config'), HEADER);
  for (const [name, text] of [
    ['deep/other', HEADER],
    ['plain', '[core]\n\tbare = false\n'],
  ] as const) {
    writeFileSync(join(workspace, name, '.git/HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(workspace, name, '.git/config'), text);
  }
  const words = [
    'run',
    '--',
    'bash',
    '--norc',
    '-c',
    `cat ${temp}/git-cred* | wc -c; grep -rc AUTHORIZATION --include=config . | sort; echo x >plain/.git/new && echo plain`,
  ];
  const { stdout, stderr } = run(words, { RUNNER_TEMP: temp });
  assert.deepEqual(stdout.trim().split(/\r?\n/), ['0', './plain/.git/config:0', 'plain'], stderr);
});

test('R12 a nested command sees the copy as its asker does', async (t) => {
  const [user] = testUsers();
  assert.ok(user !== undefined);
  const { run } = await makeJob(t, user);
  const inner = 'grep -c AUTHORIZATION .git/config; git config core.editor; rm -f .git/config 2>/dev/null || echo stays';
  const text = `git config core.editor x; duty-gate run --duty reader -- bash --norc -c '${inner}'`;
  const { stdout, stderr } = run(['run', '--', 'bash', '--norc', '-c', text]);
  assert.deepEqual(stdout.trim().split(/\r?\n/), ['0', 'x', 'stays'], stderr);
});
