import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnnamedOutsidersEvent } from '#core/policy/outsiders-events.ts';

const CASES: readonly (readonly [event: string, globs: readonly string[], unnamed: boolean])[] = [
  ['push', [], false],
  ['pull_request', ['*'], false],
  ['pull_request_target', [], true],
  ['pull_request_target', ['*'], true],
  ['pull_request_target', ['pull_request*'], true],
  ['pull_request_target', ['!pull_request_target', '*'], true],
  ['pull_request_target', ['pull_request_targe[t]'], true],
  ['pull_request_target', ['pull_request_target'], false],
  ['pull_request_target', ['push', '{schedule,pull_request_target}'], false],
  ['workflow_run', ['push'], true],
  ['workflow_run', ['workflow_run'], false],
  ['issue_comment', ['issue_*'], true],
  ['issues', [], true],
  ['discussion_comment', [], true],
  ['fork', [], true],
  ['watch', [], true],
  ['gollum', [], true],
];

test('isUnnamedOutsidersEvent() wants what outsiders set off spelt out', () => {
  for (const [event, globs, unnamed] of CASES) assert.equal(isUnnamedOutsidersEvent(event, globs), unnamed, `${event} ${globs.join(' ')}`);
});
