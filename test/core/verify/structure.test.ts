import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BundleMember } from '#core/verify/bundle-reader.ts';
import { BUNDLE_FILES_MAX, POLICY_BYTES_MAX, SIGNATURE_BYTES_MAX, TOKEN_BYTES_MAX } from '#core/verify/manifest.ts';
import { checkStructure, FILE_BYTES_MAX } from '#core/verify/structure.ts';

const file = (path: string, bytes = 1): BundleMember => ({ path, kind: 'file', bytes });
const SEALED = ['audit.jsonl', 'manifest.json', 'manifest.sig', 'policy.yml', 'token.jwt'].map((path) => file(path));

test('checkStructure() takes the files of a bundle, sealed and not', () => {
  const recordings = [
    { path: 'recordings', kind: 'folder', bytes: 0 },
    { path: 'recordings/0', kind: 'folder', bytes: 0 },
    file('recordings/0/terminal.rec'),
  ] as const;
  assert.deepEqual(checkStructure([...SEALED, ...recordings]).problems, []);
  assert.equal(checkStructure(SEALED).sealed, true);
  const open = checkStructure([file('audit.jsonl'), file('manifest.sig.tmp'), { path: 'recordings', kind: 'folder', bytes: 0 }]);
  assert.deepEqual([open.sealed, open.problems], [false, []]);
});

test('checkStructure() names each thing that may not be there', () => {
  const cases: readonly BundleMember[] = [
    file('../policy.yml'),
    file('/etc/passwd'),
    file('recordings/../../x'),
    file('recordings/0/terminal.mp4'),
    file('recordings/terminal.rec'),
    file('AUDIT.JSONL'),
    file('manifest.sig.tmp'),
    file('policy.yml', POLICY_BYTES_MAX + 1),
    file('token.jwt', TOKEN_BYTES_MAX + 1),
    file('manifest.sig', SIGNATURE_BYTES_MAX + 1),
    file('recordings/0/terminal.rec', FILE_BYTES_MAX + 1),
    { path: 'audit.jsonl', kind: 'other', bytes: 0 },
    { path: 'recordings/a/b', kind: 'folder', bytes: 0 },
    { path: 'recordings', kind: 'folder', bytes: 0 },
  ];
  for (const member of cases) {
    const { problems } = checkStructure([...SEALED.filter(({ path }) => path !== member.path), member]);
    assert.ok(
      problems.some(({ where, code }) => where === member.path && code === 'structure'),
      `${member.kind} ${member.path}`,
    );
  }
});

test('checkStructure() bounds the number of files', () => {
  const many = Array.from({ length: BUNDLE_FILES_MAX }, (_, index) => file(`recordings/${index}/terminal.rec`));
  assert.equal(checkStructure([...SEALED, ...many]).problems.length, 1);
});
