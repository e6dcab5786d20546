import type { ClientRequest } from 'node:http';
import { Writable } from 'node:stream';
import { answerOf, type Peer, readAnswer, start } from './exchange.ts';
import { Nothing } from './messages.ts';

const BYTES_BUFFERED_MAX = 256 * 1024;

/** The body of one long request: it is finished when the gateway has answered that it has everything. */
export function recordingSink(peer: Peer, path: string): Writable {
  const started = start(peer, { method: 'POST', path, headers: { 'content-type': 'application/octet-stream' } }).then((request) => {
    // At once, before anything is shown: the gateway is to know that it is being recorded.
    request.flushHeaders();
    return request;
  });
  const answered = started.then(answerOf).then((answer) => readAnswer(answer, Nothing));
  const sink = new Writable({
    highWaterMark: BYTES_BUFFERED_MAX,
    write(chunk: Buffer, _encoding, done) {
      started.then((request) => {
        if (request.write(chunk)) return done();
        once(request, ['drain', 'close'], () => done());
      }, done);
    },
    final(done) {
      started.then((request) => request.end()).catch(() => undefined);
      answered.then(() => done(), done);
    },
    destroy(error, done) {
      started.then((request) => request.destroy()).catch(() => undefined);
      done(error);
    },
  });
  // Whoever writes listens for what concerns it; a sink that nobody writes to may break without bringing us down.
  sink.on('error', () => undefined);
  // An answer before the end is a refusal: whoever writes hears of it at once.
  answered.catch((error: Error) => sink.destroy(error));
  return sink;
}

function once(request: ClientRequest, events: readonly string[], then: () => void): void {
  const fire = (): void => {
    for (const event of events) request.off(event, fire);
    then();
  };
  for (const event of events) request.on(event, fire);
}
