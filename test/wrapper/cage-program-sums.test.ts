import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CAGE_PROGRAM_SHA256 } from '#wrapper/cage-program-sums.ts';

const helpers = join(import.meta.dirname, '..', '..', 'dist', 'helpers');

for (const [arch, expected] of Object.entries(CAGE_PROGRAM_SHA256)) {
  test(`CAGE_PROGRAM_SHA256 is that of the committed program for ${arch}`, () => {
    const bytes = readFileSync(join(helpers, `linux-${arch}`, 'duty-gate-cage'));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), expected);
  });
}
