import { createConversation } from '#gates/postgres/conversation.ts';
import { conversationSetup, guard } from '#test/fixtures/conversation.ts';
import { ModelServer } from '#test/simulate/model-server.ts';
import * as wire from '#test/simulate/wire.ts';
import { type ConformanceSubject, describeGateConformance } from './gate-conformance.ts';

describeGateConformance('PostgreSQL, simple protocol', () => subject((sql) => wire.message('Q', wire.zeroTerminated(sql))));
describeGateConformance('PostgreSQL, extended protocol', () => subject(extended));

function subject(frames: (sql: string) => Buffer): ConformanceSubject {
  const server = new ModelServer(() => false);
  const has = (bytes: Buffer, type: string) => [...wire.messages(bytes)].some((message) => message.type === type);
  return {
    conversation: createConversation(conversationSetup()),
    clearance: guard.inert,
    // An Execute names no statement, so the mark is the Execute of a portal of its own.
    operation: (index) => operation(frames, index),
    unjudgeable: () => frames('garbage'),
    serve: (sent) => Buffer.concat([...wire.messages(sent)].flatMap(({ type, body }) => server.receive(type, body))),
    isError: (bytes) => has(bytes, 'E'),
    isResult: (bytes) => has(bytes, 'C'),
  };
}

function operation(frames: (sql: string, portal: string) => Buffer, index: number): { frames: Buffer; mark: Buffer } {
  const portal = `portal${index}`;
  const sent = frames(`INSERT things ${index}`, portal);
  const executes = [...wire.messages(sent)].find(({ type }) => type === 'Q' || type === 'E');
  return { frames: sent, mark: executes?.frame ?? sent };
}

function extended(sql: string, portal = ''): Buffer {
  const none = Buffer.from([0, 0]);
  return Buffer.concat([
    wire.message('P', Buffer.concat([wire.zeroTerminated('', sql), none])),
    wire.message('B', Buffer.concat([wire.zeroTerminated(portal, ''), none, none, none])),
    wire.message('E', Buffer.concat([wire.zeroTerminated(portal), Buffer.alloc(4)])),
    wire.message('S'),
  ]);
}
