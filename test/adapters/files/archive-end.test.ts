import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { readEnd } from '#adapters/files/archive-end.ts';
import { ONE, OTHER, put, testRefused } from './zip-cases.ts';
import { extra, makeZip, u32, u64 } from './zip-maker.ts';

test('readEnd() finds the directory of small and of large archives, whatever the small record leaves to the large one', (t) => {
  const members = [{ name: 'a', content: Buffer.from('x'), method: 0 }];
  for (const changes of [
    {},
    { zip64: true },
    { zip64: true, end: { entries: 1 } },
    { zip64: true, end: { entries: 1, bytes: 47, start: 32 } },
  ]) {
    const fd = openSync(put(t, makeZip(members, changes)), 'r');
    assert.deepEqual(readEnd(fd), { directoryStart: 32, directoryBytes: 47, entries: 1 });
    closeSync(fd);
  }
});

const LARGE = { zip64: true };
const LOCATOR = Buffer.concat([u32(0x07064b50), u32(0), u64(0), u32(1)]);

testRefused([
  ['nothing', 'not-an-archive', () => Buffer.alloc(0)],
  ['noise', 'not-an-archive', () => Buffer.alloc(100, 7)],
  ['an end record cut short', 'not-an-archive', () => makeZip([]).subarray(0, 21)],
  ['something behind the end', 'not-an-archive', () => makeZip([ONE], { behind: Buffer.from('x') })],
  ['a second archive behind the first', 'ambiguous', () => Buffer.concat([makeZip([ONE]), makeZip([OTHER])])],
  ['a comment', 'not-an-archive', () => makeZip([ONE], { comment: Buffer.from('made by nobody') })],
  ['a comment that is not there', 'not-an-archive', () => makeZip([ONE], { commentBytes: 5 })],
  ['an archive in its comment', 'ambiguous', () => makeZip([ONE], { comment: makeZip([OTHER]) })],
  ['an end record in its comment', 'ambiguous', () => makeZip([ONE], { comment: makeZip([]) })],
  ['a program before it', 'ambiguous', () => Buffer.concat([Buffer.from('#!/bin/sh\n'), makeZip([ONE])])],
  ['something between directory and end', 'ambiguous', () => makeZip([ONE], { beforeEnd: Buffer.alloc(9) })],
  ['a directory somewhere else', 'ambiguous', () => makeZip([ONE], { end: { start: 3 } })],
  ['a directory longer than it is', 'ambiguous', () => makeZip([ONE], { end: { bytes: 60 } })],
  ['one of several disks', 'unsupported', () => makeZip([ONE], { end: { disk: 1 } })],
  ['a directory on another disk', 'unsupported', () => makeZip([ONE], { end: { directoryDisk: 1 } })],
  ['entries on other disks', 'unsupported', () => makeZip([ONE], { end: { entriesHere: 0 } })],
  ['marks without a zip64 record', 'malformed', () => makeZip([ONE], { end: { bytes: 0xffff_ffff } })],
  ['a count that is a mark without a zip64 record', 'malformed', () => makeZip([ONE], { end: { entries: 0xffff } })],
  ['two end records of two counts', 'ambiguous', () => makeZip([ONE, OTHER], { ...LARGE, end: { entries: 1 } })],
  ['two end records of two places', 'ambiguous', () => makeZip([ONE, OTHER], { ...LARGE, end: { start: 3 } })],
  ['a locator to another place', 'malformed', () => makeZip([ONE], { ...LARGE, end64: { at: 0 } })],
  ['a locator in an extra field of the last entry', 'malformed', () => makeZip([{ ...ONE, central: { extra: extra(0x5455, LOCATOR) } }])],
  ['a locator in the comment of the last entry', 'malformed', () => makeZip([{ ...ONE, central: { comment: LOCATOR } }])],
  ['a zip64 record with more in it', 'malformed', () => makeZip([ONE], { ...LARGE, end64: { recordBytes: 60 } })],
  ['a zip64 record of another disk', 'unsupported', () => makeZip([ONE], { ...LARGE, end64: { disk: 1 } })],
  ['a zip64 directory of another disk', 'unsupported', () => makeZip([ONE], { ...LARGE, end64: { directoryDisk: 1 } })],
  ['a zip64 locator of another disk', 'unsupported', () => makeZip([ONE], { ...LARGE, end64: { locatorDisk: 1 } })],
  ['a zip64 locator of many disks', 'unsupported', () => makeZip([ONE], { ...LARGE, end64: { disks: 2 } })],
  ['zip64 entries on other disks', 'unsupported', () => makeZip([ONE], { ...LARGE, end64: { entriesHere: 0 } })],
  ['a directory at 2^53', 'malformed', () => makeZip([ONE], { ...LARGE, end64: { start: 2n ** 53n } })],
  ['a directory of 2^63 bytes', 'malformed', () => makeZip([ONE], { ...LARGE, end64: { bytes: 2n ** 63n } })],
]);
