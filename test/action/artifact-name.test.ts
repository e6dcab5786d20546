import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { artifactName, artifactNameFault } from '#action/artifact-name.ts';

test('artifactName() tells runs, attempts, jobs and legs of a matrix apart', () => {
  const facts = { runId: '7', job: 'report', attempt: '1' };
  assert.match(artifactName(facts, 's1'), /^duty-gate-7-report-1-[0-9a-f]{8}$/);
  const others = [artifactName({ ...facts, attempt: '2' }, 's1'), artifactName({ ...facts, job: 'x' }, 's1'), artifactName(facts, 's2')];
  assert.equal(new Set([artifactName(facts, 's1'), ...others]).size, 4);
});

test('artifactName() is a name that the service takes, whatever the job is called', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string(),
      (job, session) => artifactNameFault(artifactName({ runId: '1', job, attempt: '1' }, session)) === null,
    ),
  );
});

describe('artifactNameFault()', () => {
  for (const name of ['evidence', 'evidence of report (1)', 'ünïcode', 'a.b-c_d'])
    it(`takes ${name}`, () => assert.equal(artifactNameFault(name), null));
  for (const name of [
    'a/b',
    'a\\b',
    'a:b',
    'a"b',
    'a<b',
    'a|b',
    'a*b',
    'a?b',
    'a\nb',
    'a\0b',
    'a\u202eb',
    '..',
    '.hidden',
    'a.',
    ' a',
    'x'.repeat(129),
  ]) {
    it(`refuses ${JSON.stringify(name.slice(0, 20))}`, () => assert.notEqual(artifactNameFault(name), null));
  }
});
