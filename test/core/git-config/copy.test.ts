import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsCredentials, withoutCredentials } from '#core/git-config/copy.ts';

test('R12 withoutCredentials() shows nothing that would act in the job’s name, and all else', () => {
  const text = `# kept
[core]
	bare = false
[http "https://github.com/"]
	extraheader = AUTHORIZATION: basic c2VjcmV0
	sslVerify = true
[http] extraHeader = "PRIVATE-TOKEN: secret"
[includeIf "gitdir:/w/.git"]
	path = /w/_temp/git-credentials-1.config
	path = /etc/other
[url "https://me:secret@github.com/"]
	insteadOf = git@github.com:
[credential]
	helper = "!f() { echo password=secret; }; f"
	helper = cache
[sendemail]
	smtpPass = secret
[remote "origin"]
	url = https://x-access-token:secret@github.com/acme/shop ; why
	url = ssh://git@github.com/acme/shop
	fetch = +refs/heads/*:refs/remotes/origin/*
`;
  const shown = withoutCredentials(text);
  assert.doesNotMatch(shown, /secret|credentials-1/);
  assert.equal(
    shown,
    `[core]
	bare = "false"
[http "https://github.com/"]
	sslverify = "true"
[includeif "gitdir:/w/.git"]
	path = "/etc/other"
[credential]
	helper = "cache"
[remote "origin"]
	url = "https://github.com/acme/shop"
	url = "ssh://git@github.com/acme/shop"
	fetch = "+refs/heads/*:refs/remotes/origin/*"
`,
  );
});

test('R12 withoutCredentials() shows nothing of what it cannot read', () => {
  assert.equal(withoutCredentials('[http]\n\textraheader = "AUTHORIZATION: secret\n'), '');
});

test('R12 holdsCredentials() is true of what would lack something, and of what cannot be read', () => {
  for (const [text, expected] of [
    ['', false],
    ['# a token\n[remote "o"]\n\turl = ssh://git@h/x\n', false],
    ['[remote "o"]\n\turl = https://me:secret@h/x\n', true],
    ['[http]\n\textraheader = x\n', true],
    ['[x', true],
  ] as const) {
    assert.equal(holdsCredentials(text), expected, text);
  }
});
