import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareCage } from '#wrapper/bare-cage.ts';

test('bareCage() plans nothing about files', () => {
  const { files, hide, binds, ...rest } = bareCage({ sessionFolder: '/s', resolvers: ['198.18.0.2'], ca: 'PEM' });
  assert.deepEqual([files, hide, binds], [{ writable: [], layered: [], layersFolder: null, protected: [] }, [], []]);
  assert.deepEqual([rest.sessionFolder, rest.resolvers, rest.ca], ['/s', ['198.18.0.2'], 'PEM']);
});
