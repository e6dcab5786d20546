import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepsOf } from '#core/policy/keeps.ts';
import type { EvidencePolicy } from '#core/policy/policy.ts';

const NOTHING_SAID: EvidencePolicy = { recordings: null, responses: null, encryptTo: [], token: 'at-once' };
const TO = ['age1abc'];

const CASES: readonly (readonly [Partial<EvidencePolicy>, 'private' | 'public', recordings: string, responses: string])[] = [
  [{}, 'private', 'full', 'digest'],
  [{}, 'public', 'none', 'none'],
  [{ encryptTo: TO }, 'private', 'encrypted', 'digest'],
  [{ encryptTo: TO }, 'public', 'encrypted', 'digest'],
  [{ recordings: 'full' }, 'public', 'full', 'none'],
  [{ recordings: 'none' }, 'private', 'none', 'digest'],
  [{ recordings: 'none', encryptTo: TO }, 'public', 'none', 'digest'],
  [{ responses: 'full' }, 'public', 'none', 'full'],
  [{ responses: 'full', encryptTo: TO }, 'public', 'encrypted', 'encrypted'],
  [{ responses: 'none' }, 'private', 'full', 'none'],
  [{ responses: 'digest' }, 'public', 'none', 'digest'],
];

test('keepsOf() leaves out what everybody could read, unless it is encrypted or the policy names it', () => {
  for (const [said, visibility, recordings, responses] of CASES) {
    const { encryptTo } = { ...NOTHING_SAID, ...said };
    const found = keepsOf({ ...NOTHING_SAID, ...said }, visibility);
    assert.deepEqual(found, { recordings, responses, token: 'at-once', recipients: encryptTo }, `${JSON.stringify(said)} ${visibility}`);
  }
});
