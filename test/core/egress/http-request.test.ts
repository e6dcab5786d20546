import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeRequest, onwardHeaders, type RequestHead } from '#core/egress/http-request.ts';

const TO = { name: 'a.example', port: 80 };
const HOST = ['Host', 'a.example'];

function head(more: Partial<RequestHead>): RequestHead {
  return { method: 'GET', target: '/x?y', httpVersion: '1.1', rawHeaders: HOST, ...more };
}

for (const [name, request, path] of [
  ['a path', {}, '/x?y'],
  ['a Host with its port', { rawHeaders: ['HOST', 'A.Example:80'] }, '/x?y'],
  ['a Host with a final dot', { rawHeaders: ['host', 'a.example.'] }, '/x?y'],
  ['an absolute target', { target: 'http://a.example/x' }, '/x'],
  ['an absolute target without a path', { target: 'HTTP://A.example:80' }, '/'],
  ['OPTIONS of all', { method: 'OPTIONS', target: '*' }, '*'],
  ['a body', { method: 'POST', rawHeaders: [...HOST, 'Content-Length', '3'] }, '/x?y'],
  ['a body in chunks', { method: 'POST', rawHeaders: [...HOST, 'Transfer-Encoding', 'chunked'] }, '/x?y'],
] as const) {
  test(`judgeRequest() allows ${name}`, () => {
    const judgement = judgeRequest(head(request), TO);
    assert.equal(judgement.kind === 'allowed' ? judgement.path : judgement.why, path);
  });
}

for (const [name, request, status] of [
  ['another Host', { rawHeaders: ['Host', 'b.example'] }, 403],
  ['a Host that only begins so', { rawHeaders: ['Host', 'a.example.evil'] }, 403],
  ['a Host with another port', { rawHeaders: ['Host', 'a.example:8080'] }, 403],
  ['a Host with a user', { rawHeaders: ['Host', 'a.example@b.example'] }, 403],
  ['two in a Host', { rawHeaders: ['Host', 'a.example, b.example'] }, 403],
  ['no Host', { rawHeaders: [] }, 400],
  ['an empty Host', { rawHeaders: ['Host', ''] }, 403],
  ['two Hosts', { rawHeaders: [...HOST, 'host', 'b.example'] }, 400],
  ['the same Host twice', { rawHeaders: [...HOST, ...HOST] }, 400],
  ['CONNECT to another host', { method: 'CONNECT', target: 'b.example:443', rawHeaders: ['Host', 'b.example:443'] }, 403],
  ['CONNECT with our Host', { method: 'CONNECT', target: 'b.example:443' }, 405],
  ['an absolute target elsewhere', { target: 'http://b.example/' }, 403],
  ['an absolute target with a user', { target: 'http://a.example@b.example/' }, 403],
  ['an absolute target of another scheme', { target: 'https://a.example/' }, 403],
  ['a target that is no path', { target: 'b.example/' }, 403],
  ['Content-Length with Transfer-Encoding', { rawHeaders: [...HOST, 'Content-Length', '3', 'transfer-encoding', 'chunked'] }, 400],
  ['two lengths', { rawHeaders: [...HOST, 'Content-Length', '3', 'content-length', '3'] }, 400],
  ['two lengths in one', { rawHeaders: [...HOST, 'Content-Length', '3, 3'] }, 400],
  ['a length with a sign', { rawHeaders: [...HOST, 'Content-Length', '+3'] }, 400],
  ['another coding', { rawHeaders: [...HOST, 'Transfer-Encoding', 'gzip, chunked'] }, 400],
  ['a coding that is almost one', { rawHeaders: [...HOST, 'Transfer-Encoding', 'xchunked'] }, 400],
  ['HTTP/1.0', { httpVersion: '1.0' }, 505],
  ['HTTP/2.0', { httpVersion: '2.0' }, 505],
] as const) {
  test(`judgeRequest() refuses ${name}`, () => {
    const judgement = judgeRequest(head(request), TO);
    assert.equal(judgement.kind === 'refused' ? judgement.status : judgement.path, status);
  });
}

test('judgeRequest() sends nothing on that is about the connection, and lets nobody take Host or the length out', () => {
  const rawHeaders = [
    'Host',
    'a.example',
    'Connection',
    'close, X-Hop, Host, Content-Length',
    'X-Hop',
    '1',
    'Upgrade',
    'websocket',
    'X-Kept',
    '2',
  ];
  const judgement = judgeRequest(head({ rawHeaders: [...rawHeaders, 'Content-Length', '0', 'Expect', '100-continue'] }), TO);
  assert.deepEqual(judgement.kind === 'allowed' && judgement.headers, ['Host', 'a.example', 'X-Kept', '2', 'Content-Length', '0']);
});

test('onwardHeaders() keeps repeated headers in their order', () => {
  assert.deepEqual(onwardHeaders(['Set-Cookie', 'a', 'Keep-Alive', 'timeout=5', 'Set-Cookie', 'b']), [
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
  ]);
});
