import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Masks } from './masks.ts';
import { StepLog, type StepLogSetup } from './step-log.ts';

type Made = { log: StepLog; said: string[]; env: Map<string, string>; paths: string[] };

function make(setup: Partial<StepLogSetup> = {}): Made {
  const said: string[] = [];
  const env = new Map<string, string>();
  const paths: string[] = [];
  const log = new StepLog({
    ...{ masks: new Masks([]), workspace: '/ws', isDebug: false, env: new Map() },
    setEnv: (name, value) => void env.set(name, value),
    addPath: (path) => void paths.push(path),
    emit: ({ stream, text }) => void said.push(`${stream}: ${text}`),
    ...setup,
  });
  return { log, said, env, paths };
}

function take(made: Made, ...lines: readonly string[]): Made {
  for (const line of lines) made.log.take('stdout', line);
  return made;
}

describe('StepLog', () => {
  it('take() prints what is no command, hidden, with its stream', () => {
    const made = make({ masks: new Masks(['s3cret']) });
    made.log.take('stderr', 'a s3cret');
    take(made, '::nothing known::x');
    assert.deepEqual(made.said, ['stderr: a ***', 'stdout: ::nothing known::x']);
  });

  it('take() keeps ten annotations of a level, each cut, and shows them all', () => {
    const { log, said } = take(make(), ...Array.from({ length: 12 }, (_, n) => `::error::${n}${'x'.repeat(5000)}`), '::notice::one');
    assert.equal(log.annotations.filter(({ level }) => level === 'error').length, 10);
    assert.equal(log.annotations.filter(({ level }) => level === 'notice').length, 1);
    assert.equal(log.annotations[0]?.message.length, 4096);
    assert.equal(said.length, 13);
  });

  const PLACES: readonly (readonly [string, object])[] = [
    ['file=/ws/a/b.yml,line=3', { file: 'a/b.yml', line: 3 }],
    ['file=/elsewhere/b.yml,line=x', { file: '/elsewhere/b.yml' }],
    ['endLine=7,title=T', { line: 7, title: 'T' }],
  ];
  for (const [properties, expected] of PLACES) {
    it(`take() annotates at ${properties}`, () => {
      const { log } = take(make(), `::warning ${properties}::m`);
      assert.deepEqual(log.annotations, [{ level: 'warning', message: 'm', ...expected }]);
    });
  }

  it('take() hides what add-mask names from then on, each line of it, in annotations too', () => {
    const { log, said } = take(make(), 'abc', '::add-mask::abc%0Adef', 'abc def', '::error::def');
    assert.deepEqual(said, ['stdout: abc', 'stdout: *** ***', 'runner: ##[error]***']);
    assert.equal(log.annotations[0]?.message, '***');
  });

  it('take() obeys nothing between stop-commands and its token, which is hidden', () => {
    const { log, said } = take(make(), '::stop-commands::long-token', '::error::no', '##[error]no', '::LONG-token::', '::error::yes');
    assert.deepEqual(
      log.annotations.map(({ message }) => message),
      ['yes'],
    );
    assert.deepEqual(said.slice(0, 4), [
      'stdout: ::stop-commands::***',
      'stdout: ::error::no',
      'stdout: ##[error]no',
      'stdout: ::LONG-token::',
    ]);
  });

  for (const token of ['', 'pause-logging', 'error']) {
    it(`take() fails the step that would stop commands until "${token}"`, () => {
      const { log } = take(make(), `::stop-commands::${token}`, '::set-output name=a::b');
      assert.ok(log.failed);
      assert.equal(log.outputs.get('a'), 'b');
    });
  }

  it('take() keeps outputs and state, and fails a step that gives them no name', () => {
    const { log } = take(make(), '::set-output name=a::1%0A2', '::save-state name=b::2');
    assert.deepEqual(
      [...log.outputs, ...log.state],
      [
        ['a', '1\n2'],
        ['b', '2'],
      ],
    );
    assert.equal(log.failed, false);
    assert.ok(take(make(), '::set-output::x').log.failed);
  });

  it('take() sets environment and path only where an earlier step switched that on', () => {
    const refused = take(make(), '::set-env name=A::1', '::add-path::/evil');
    assert.deepEqual([refused.log.failed, refused.env.size, refused.paths.length], [true, 0, 0]);
    const allowed = take(make({ env: new Map([['ACTIONS_ALLOW_UNSECURE_COMMANDS', 'true']]) }), '::set-env name=A::1', '::add-path::/evil');
    assert.deepEqual([allowed.log.failed, allowed.env.get('A'), allowed.paths], [false, '1', ['/evil']]);
  });

  it('take() shows debug lines when debugging, groups, and commands when echoing', () => {
    assert.deepEqual(take(make(), '::debug::x').said, []);
    assert.deepEqual(take(make({ isDebug: true }), '::debug::x').said, ['runner: ##[debug]x']);
    assert.deepEqual(take(make(), '::group::a', '::endgroup::b').said, ['runner: ##[group]a', 'runner: ##[endgroup]']);
    assert.deepEqual(take(make(), '::echo::on', '::set-output name=a::b', '::add-mask::mask').said, ['stdout: ::set-output name=a::b']);
  });
});
