import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { CAGE_SCRIPT } from '#wrapper/cage-script.ts';
import { MOUNTS_SCRIPT } from '#wrapper/mounts-script.ts';

for (const [name, text] of Object.entries({ CAGE_SCRIPT, MOUNTS_SCRIPT })) {
  test(`${name} is whole bash`, () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });

  test(`R22 ${name} names no tool that PATH would find`, () => {
    const words = /^\s*(?:step \S+ )?(mount|umount|ip|mkdir|cp|rm|cat|stty|setpriv|unshare|env)\b/m;
    assert.doesNotMatch(text, words);
  });
}

test('CAGE_SCRIPT has all parts and ends with what calls them', () => {
  assert.ok(CAGE_SCRIPT.includes(MOUNTS_SCRIPT));
  assert.match(CAGE_SCRIPT, /\nmain "\$@"\n$/);
});

test('P8 CAGE_SCRIPT runs no program between its last mounts and the proof that they are where they should be', () => {
  const afterBatch = MOUNTS_SCRIPT.slice(MOUNTS_SCRIPT.indexOf('/proc/self/fd/$last_mounts'));
  const own = afterBatch.slice(0, afterBatch.indexOf('\n}\n'));
  assert.match(own, /tell_mounts$/);
  const telling = MOUNTS_SCRIPT.slice(MOUNTS_SCRIPT.indexOf('tell_mounts() {'));
  const rest = CAGE_SCRIPT.slice(CAGE_SCRIPT.indexOf('\n  set_up_mounts\n'), CAGE_SCRIPT.indexOf("printf '@ready"));
  for (const text of [own, telling, rest]) assert.doesNotMatch(text, /tool\[/);
});

test('CAGE_SCRIPT runs our own program as it was before the mounts, and in the end becomes it', () => {
  const uses = CAGE_SCRIPT.match(/"?\/proc\/self\/fd\/\$program"? .*$/gm);
  assert.deepEqual(uses, [
    '"/proc/self/fd/$program" hold <&"$life"',
    '"/proc/self/fd/$program" probe "$start" "$baits" </dev/null {life}<&-) || fail escapes',
    '"/proc/self/fd/$program" network "$host_pid"',
    `"/proc/self/fd/$program" aliases "\${aliases[@]}" || exit 125`,
  ]);
  assert.ok(CAGE_SCRIPT.indexOf('exec {program}<') < CAGE_SCRIPT.indexOf('  set_up_mounts\n'));
});
