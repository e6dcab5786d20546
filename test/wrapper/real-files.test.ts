import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { realFiles } from '#wrapper/real-files.ts';

describe('realFiles()', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'duty-gate-real-')));
  after(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('a/b'), { recursive: true });
  symlinkSync(at('a'), at('link'));
  const none = { writable: [], layered: [], layersFolder: null, protected: [] };

  test('resolves links, and names each once', () => {
    const files = realFiles({ ...none, writable: [at('link'), at('a')], layered: [at('link/b')], layersFolder: at('link') });
    assert.deepEqual(files, { writable: [at('a')], layered: [at('a/b')], layersFolder: at('a'), protected: [] });
  });

  test('refuses to protect what a link leads to: the link itself could be changed', () => {
    assert.deepEqual(realFiles({ ...none, protected: [at('a/b')] }).protected, [at('a/b')]);
    assert.throws(() => realFiles({ ...none, protected: [at('link')] }), { code: 'set-up', message: /no link on the way/ });
    assert.throws(() => realFiles({ ...none, protected: [at('link/b')] }), { code: 'set-up' });
  });

  test('refuses what is not there', () => {
    for (const files of [{ writable: [at('no')] }, { layered: [at('no')] }, { layersFolder: at('no') }, { protected: [at('no')] }]) {
      assert.throws(() => realFiles({ ...none, ...files }), { code: 'set-up', message: /cannot be found/ });
    }
  });
});
