import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeGitConfig } from '#core/git-config/merge.ts';
import { gitConfigText, parseGitConfig } from '#core/git-config/parse.ts';

const REAL =
  '[core]\n\tbare = false\n[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic c2VjcmV0\n[remote "origin"]\n\turl = https://github.com/acme/shop\n';
const GIVEN = '[core]\n\tbare = false\n[http "https://github.com/"]\n[remote "origin"]\n\turl = https://github.com/acme/shop\n';

test('mergeGitConfig() leaves what nobody changed', () => {
  assert.deepEqual(mergeGitConfig(REAL, GIVEN, GIVEN), { text: null, passed: [], refused: [] });
  assert.equal(mergeGitConfig(REAL, GIVEN, `${GIVEN}# said\n`).text, null);
});

test('R17 mergeGitConfig() passes on where repositories are, and keeps the rest of the real one', () => {
  const left = GIVEN.replace('acme/shop', 'acme/new').concat(
    '[branch "x"]\n\tremote = origin\n\tmerge = refs/heads/x\n[user]\n\tname = A \\"B\\"\n',
  );
  const { text, passed, refused } = mergeGitConfig(REAL, GIVEN, left);
  assert.deepEqual([passed, refused], [['remote.origin.url', 'branch.x.remote', 'branch.x.merge', 'user.name'], []]);
  assert.equal(
    text,
    `${REAL.replace('\turl = https://github.com/acme/shop\n', '')}[remote "origin"]\n\turl = "https://github.com/acme/new"\n[branch "x"]\n\tremote = "origin"\n\tmerge = "refs/heads/x"\n[user]\n\tname = "A \\"B\\""\n`,
  );
});

test('mergeGitConfig() takes away what was taken away, in whatever line it stands', () => {
  const real = '[remote "a"] url = x # y\n[remote "b"]\n\turl = z\n';
  const { text } = mergeGitConfig(real, real, '');
  assert.equal(text, '[remote "a"] \n[remote "b"]\n');
});

for (const line of [
  '[core]\n\thooksPath = x',
  '[core]\n\tfsmonitor = x',
  '[core]\n\tsshCommand = x',
  '[alias]\n\tst = !x',
  '[include]\n\tpath = x',
  '[filter "a"]\n\tclean = x',
  '[credential]\n\thelper = !x',
  '[submodule "a"]\n\tupdate = !x',
  '[remote "origin"]\n\tuploadpack = x',
  '[remote "origin"]\n\turl = ext::sh -c x',
  '[remote "origin"]\n\turl = ext://sh',
  '[remote "origin"]\n\turl = --upload-pack=x',
  '[remote "origin"]\n\turl = ssh://-oProxyCommand=x/y',
  '[remote "-x"]\n\turl = /y',
  '[remote "origin"]\n\tvcs = x',
  '[branch "a"]\n\tmergeoptions = -s x',
  '[branch "a"]\n\tremote = ext::x',
  '[extensions]\n\tworktreeConfig = true',
  '[constructor]\n\tname = x',
  '[user]\n\tsigningKey = x',
  '[remote]\n\turl = /x',
]) {
  test(`R17 mergeGitConfig() does not pass on ${JSON.stringify(line)}`, () => {
    const { text, refused } = mergeGitConfig(REAL, GIVEN, `${GIVEN}${line}\n`);
    assert.deepEqual([text, refused.length], [null, 1]);
  });
}

for (const left of ['[a', `${GIVEN}[core]\r\n\tx=1\n`]) {
  test(`mergeGitConfig() passes nothing on of ${JSON.stringify(left.slice(-20))}`, () => {
    assert.deepEqual(
      mergeGitConfig(REAL, GIVEN, left).refused.map(({ name }) => name),
      ['*'],
    );
  });
}

test('R17 mergeGitConfig() changes nothing but what may stay, whatever is left', () => {
  const entry = fc.record({
    section: fc.constantFrom('remote', 'branch', 'core', 'http', 'user', 'submodule', 'alias'),
    subsection: fc.constantFrom(null, 'origin', 'x', '-x', ''),
    name: fc.constantFrom('url', 'merge', 'remote', 'hookspath', 'name', 'extraheader', 'update'),
    value: fc.constantFrom(null, 'x', '!x', 'ext::x', 'refs/heads/x', 'https://h/x'),
  });
  const key = (each: { section: string; subsection: string | null; name: string }): string =>
    `${each.section}.${each.subsection}.${each.name}`;
  const values = (text: string): Map<string, string> => {
    const entries = parseGitConfig(text);
    assert.ok(entries !== null);
    return new Map(
      entries.map((each) => [key(each), JSON.stringify(entries.filter((other) => key(other) === key(each)).map(({ value }) => value))]),
    );
  };
  const config = fc.array(entry, { maxLength: 6 }).map(gitConfigText);
  fc.assert(
    fc.property(config, config, config, (real, given, left) => {
      const merged = mergeGitConfig(real, given, left).text ?? real;
      const [was, is, asked] = [values(real), values(merged), values(left)];
      for (const name of new Set([...was.keys(), ...is.keys()])) {
        if (was.get(name) === is.get(name)) continue;
        assert.match(name, /^(?:remote\.[^-].*\.url|branch\.[^-].*\.(?:remote|merge)|submodule\.[^-].*\.url|user\..*\.name)$/);
        assert.equal(is.get(name), asked.get(name));
        if (!name.startsWith('user.')) assert.doesNotMatch(is.get(name) ?? '', /ext::/);
      }
    }),
  );
});

test('mergeGitConfig() has done with as many definitions as there may be, each another one', () => {
  const many = (prefix: string): string =>
    Array.from({ length: 4_000 }, (_, n) => `[branch "${prefix}${n}"]\n\tremote = origin\n`).join('');
  const { text, passed, refused } = mergeGitConfig(REAL, many('a'), many('b'));
  assert.deepEqual([passed.length, refused.length], [8_000, 0]);
  assert.equal(text?.match(/\[branch/g)?.length, 4_000);
});
