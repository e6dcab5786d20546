import assert from 'node:assert/strict';
import { it } from 'node:test';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from '#cli/io.ts';

it('exit codes are those that scripts expect of every program', () => assert.deepEqual([EXIT_OK, EXIT_FAILED, EXIT_USAGE], [0, 1, 2]));
