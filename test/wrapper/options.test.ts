import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRunOptions } from '#wrapper/options.ts';

const base = { secretsPath: null, duty: null, policyPath: '/w/p.yml', evidenceFolder: '/w/duty-gate-evidence' };

for (const [args, expected] of [
  [['--policy', 'p.yml', '--', 'true'], { ...base, argv: ['true'] }],
  [['--policy=p.yml', 'psql', '--duty', 'x'], { ...base, argv: ['psql', '--duty', 'x'] }],
  [
    ['--policy', '/p', '--secrets', 's', '--duty', 'd', '--evidence', '../e', '--', '--', 'a'],
    { policyPath: '/p', secretsPath: '/w/s', duty: 'd', evidenceFolder: '/e', argv: ['--', 'a'] },
  ],
  [['--policy=a=b', '-'], { ...base, policyPath: '/w/a=b', argv: ['-'] }],
] as const) {
  test(`parseRunOptions() reads ${args.join(' ')}`, () => {
    assert.deepEqual(parseRunOptions(args, '/w'), { kind: 'run', options: expected });
  });
}

for (const [args, message] of [
  [['--', 'true'], /no policy is named/],
  [['--policy', 'p'], /no command is given/],
  [['--policy', 'p', '--', ''], /no command is given/],
  [['--policy'], /--policy has no value/],
  [['--policy=', '--', 'true'], /--policy has no value/],
  [['--policy', 'p', '--policy', 'q', '--', 'true'], /--policy is given twice/],
  [['--polcy', 'p', '--', 'true'], /there is no option --polcy/],
  [['-x', 'true'], /there is no option -x/],
] as const) {
  test(`parseRunOptions() refuses ${args.join(' ') || 'nothing'}`, () => {
    const parsed = parseRunOptions(args, '/w');
    assert.equal(parsed.kind, 'error');
    assert.match(parsed.kind === 'error' ? parsed.message : '', message);
  });
}

test('parseRunOptions() answers help before the command only', () => {
  assert.equal(parseRunOptions(['--help'], '/w').kind, 'help');
  assert.equal(parseRunOptions(['--policy', 'p', '--', 'psql', '--help'], '/w').kind, 'run');
});

test('parseRunOptions() hands every command over word for word', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
      fc.pre(argv[0] !== '');
      const parsed = parseRunOptions(['--policy', 'p', '--', ...argv], '/w');
      assert.deepEqual(parsed.kind === 'run' ? parsed.options.argv : null, argv);
    }),
    { numRuns: 100, verbose: 1 },
  );
});
