import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitWords } from '#wrapper/limits.ts';

const text = (soft: string, hard: string): string => `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     
Max nice priority         0                    0                    
Max new kind of thing     1                    2                    things    
`;

for (const [name, own, parent, files] of [
  ['our own when the parent is unknown', text('4096', '4096'), null, 'nofile=4096:4096'],
  ["the shell's soft limit where ours was raised", text('524288', '524288'), text('1024', '524288'), 'nofile=1024:524288'],
  ['our own where the parent has more', text('256', '4096'), text('1024', '4096'), 'nofile=256:4096'],
  ['a number below unlimited', text('unlimited', 'unlimited'), text('1024', 'unlimited'), 'nofile=1024:unlimited'],
  ['our own where the parent is unlimited', text('1024', 'unlimited'), text('unlimited', 'unlimited'), 'nofile=1024:unlimited'],
] as const) {
  test(`limitWords() gives ${name}`, () => assert.deepEqual(limitWords(own, parent), ['cpu=unlimited:unlimited', files, 'nice=0:0']));
}

for (const hostile of ['', 'Max open files', 'Max open files            -1 ; rm -rf /', '\n\n\0']) {
  test(`limitWords() gives nothing for ${JSON.stringify(hostile)}`, () => assert.deepEqual(limitWords(hostile, hostile), []));
}
