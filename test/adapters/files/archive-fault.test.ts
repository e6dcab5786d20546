import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArchiveFault } from '#adapters/files/archive-fault.ts';

test('ArchiveFault has a code beside its words, and its cause', () => {
  const cause = new Error('EIO');
  const fault = new ArchiveFault('unreadable', 'Cannot read the archive: EIO, expected a file that can be read', { cause });
  assert.deepEqual([fault.name, fault.code, fault.cause], ['ArchiveFault', 'unreadable', cause]);
});
