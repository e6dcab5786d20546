import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRunOptions, parseShellOptions } from '#wrapper/options.ts';

const PLACE = { cwd: '/w', jobFolder: null, isInside: false };
const IN_JOB = { cwd: '/w', jobFolder: '/job', isInside: false };
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
    assert.deepEqual(parseRunOptions(args, PLACE), { kind: 'alone', options: expected });
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
    const parsed = parseRunOptions(args, PLACE);
    assert.equal(parsed.kind, 'error');
    assert.match(parsed.kind === 'error' ? parsed.message : '', message);
  });
}

test('parseRunOptions() answers help before the command only', () => {
  assert.equal(parseRunOptions(['--help'], PLACE).kind, 'help');
  assert.equal(parseRunOptions(['--policy', 'p', '--', 'psql', '--help'], PLACE).kind, 'alone');
});

test('parseRunOptions() hands every command over word for word', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
      fc.pre(argv[0] !== '');
      const parsed = parseRunOptions(['--policy', 'p', '--', ...argv], PLACE);
      assert.deepEqual(parsed.kind === 'alone' ? parsed.options.argv : null, argv);
    }),
    { numRuns: 100, verbose: 1 },
  );
});

for (const [args, duty, argv] of [
  [['--', 'psql', '-l'], null, ['psql', '-l']],
  [['--duty', 'reader', 'psql'], 'reader', ['psql']],
] as const) {
  test(`parseRunOptions() takes the job's session for ${args.join(' ')}`, () => {
    assert.deepEqual(parseRunOptions(args, IN_JOB), { kind: 'in-job', options: { jobFolder: '/job', duty, argv } });
  });
}

test('parseRunOptions() opens a session of its own where a policy is named, in a job too', () => {
  assert.equal(parseRunOptions(['--policy', 'p', '--', 'true'], IN_JOB).kind, 'alone');
});

for (const args of [
  ['--secrets', 's', '--', 'true'],
  ['--evidence', 'e', 'true'],
]) {
  test(`parseRunOptions() refuses ${args.join(' ')} without a policy, in a job too`, () => {
    const parsed = parseRunOptions(args, IN_JOB);
    assert.match(parsed.kind === 'error' ? parsed.message : '', /without --policy/);
  });
}

test('parseRunOptions() knows agents inside a command, from our launchers alone', () => {
  const inside = { ...PLACE, isInside: true };
  const words = ['--duty', 'd', '--agent', '3', '--', 'claude', '-p'];
  assert.deepEqual(parseRunOptions(words, inside), { kind: 'nested', options: { duty: 'd', agent: 3, argv: ['claude', '-p'] } });
  assert.deepEqual(parseRunOptions(['--duty', 'd', 'x'], inside), { kind: 'nested', options: { duty: 'd', agent: null, argv: ['x'] } });
  for (const [args, place] of [
    [words, IN_JOB],
    [['--policy', 'p', ...words], inside],
    [['--duty', 'd', '--agent', '-1', 'x'], inside],
    [['--duty', 'd', '--agent', '100', 'x'], inside],
    [['--duty', 'd', '--agent=a', 'x'], inside],
  ] as const) {
    assert.equal(parseRunOptions(args, place).kind, 'error', args.join(' '));
  }
});

test("parseShellOptions() runs the script as GitHub's own bash step does", () => {
  const argv = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '/tmp/a b'];
  assert.deepEqual(parseShellOptions(['/tmp/a b'], '/job'), { kind: 'in-job', options: { jobFolder: '/job', duty: null, argv } });
  assert.deepEqual(parseShellOptions(['--duty=d', '/tmp/a b'], '/job'), {
    kind: 'in-job',
    options: { jobFolder: '/job', duty: 'd', argv },
  });
  assert.equal(parseShellOptions(['--help'], null).kind, 'help');
});

for (const [args, jobFolder, message] of [
  [[], '/job', /0 words stand where/],
  [['a', 'b'], '/job', /2 words stand where/],
  [['--policy', 'p', 'a'], '/job', /--policy is no option of shell/],
  [['a'], null, /no session is open here/],
] as const) {
  test(`parseShellOptions() refuses ${args.join(' ') || 'nothing'}${jobFolder === null ? ' outside a job' : ''}`, () => {
    const parsed = parseShellOptions(args, jobFolder);
    assert.match(parsed.kind === 'error' ? parsed.message : '', message);
  });
}
