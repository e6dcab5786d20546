import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesNotes, type LayersOutcome } from '#wrapper/files-notes.ts';

const asPlanned: LayersOutcome = { layersFolder: '/l', layered: ['/h', '/t'], unlaid: [], isKept: true };

for (const [name, change, expected] of [
  ['nothing where all is as planned', {}, []],
  ['nothing where nothing is to be kept', { layersFolder: null, isKept: false }, []],
  ['nothing where nothing is layered', { layered: [], isKept: false }, []],
  ['that the file system holds no layer', { isKept: false }, [/\/h, \/t ends with this cage.* \/l: its file system/]],
  ['what is read-only itself', { unlaid: ['/h'] }, [/^in \/h .*needs sudo$/]],
] as const) {
  test(`filesNotes() says ${name}`, () => {
    const notes = filesNotes({ ...asPlanned, ...change });
    assert.equal(notes.length, expected.length);
    for (const [at, pattern] of expected.entries()) assert.match(notes[at] ?? '', pattern);
  });
}
