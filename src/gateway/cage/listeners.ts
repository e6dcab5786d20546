import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Endpoint, NameAddresses, NameTable } from './addresses.ts';
import type { CageEntrance } from './cage-entry.ts';
import { enterNetworkCommand } from './cage-entry.ts';
import type { GatewayMessage, HelperMessage, ListenRequest } from './listen-messages.ts';
import { serveTcp, serveUdp } from './resolver-sockets.ts';

const DNS_PORT = 53;
/** From the helper's start to the last listener. */
const LISTEN_MS_MAX = 20_000;
const HELPER_END_MS_MAX = 2000;
const COMPLAINT_BYTES_MAX = 4096;
/** Name queries by TCP that one cage may have open. */
const RESOLVER_CONNECTIONS_MAX = 64;

export type CageListenersOptions = {
  readonly pid: number;
  readonly entrance: CageEntrance;
  readonly targets: readonly { readonly target: string; readonly listen: readonly Endpoint[] }[];
  /** Addresses at which names are resolved, UDP and TCP port 53. */
  readonly resolvers: readonly string[];
  readonly names: NameTable;
  /** What a name resolves to that the table has not; absent: there is no such name. */
  readonly otherName?: ((name: string) => Promise<NameAddresses | null>) | undefined;
  /** A connect from inside. The listener it came by says which target is meant; it is the caller's now. */
  onConnection(target: string, socket: Socket): void;
};

export type CageListeners = {
  /** Stops listening; open connections go on, they are their gate's. */
  close(): void;
};

/**
 * Listens inside a cage: a helper entered into its network namespace makes the listeners and hands them over, and from
 * then on this process accepts on them itself, with no hop in between.
 *
 * INVARIANT (R20): each listener is bound to one address of its target, never to all.
 *
 * @returns once every listener is up.
 * @throws Error when the cage cannot be entered or a single listener cannot be made; then there are none.
 */
export async function openCageListeners(options: CageListenersOptions): Promise<CageListeners> {
  const requests = listenRequests(options);
  const helper = startHelper(options);
  const handles: (Server | UdpSocket)[] = [];
  try {
    await receiveHandles(
      helper,
      requests.map(({ request }) => request),
      (index, handle) => {
        handles.push(handle);
        serve(handle, requests[index]?.target ?? null, options);
      },
    );
    helper.send({ kind: 'thanks' } satisfies GatewayMessage, () => undefined);
  } catch (error) {
    for (const handle of handles) handle.close();
    await endHelper(helper);
    throw error;
  }
  if (helper.connected) helper.disconnect();
  return {
    close() {
      for (const handle of handles) handle.close();
    },
  };
}

/** The requests, and for each the target whose connections come by it. */
function listenRequests(options: CageListenersOptions): readonly { readonly request: ListenRequest; readonly target: string | null }[] {
  const targets = options.targets.flatMap(({ target, listen }) =>
    listen.map((endpoint) => ({ ...endpoint, kind: 'target' as const, target })),
  );
  const resolvers = options.resolvers.flatMap((address) => [
    { kind: 'resolver-udp' as const, address, port: DNS_PORT, target: null },
    { kind: 'resolver-tcp' as const, address, port: DNS_PORT, target: null },
  ]);
  return [...resolvers, ...targets].map(({ kind, address, port, target }, index) => ({ request: { index, kind, address, port }, target }));
}

function startHelper({ pid, entrance }: CageListenersOptions): ChildProcess {
  const program = [process.execPath, '--disable-sigusr1', helperPath()];
  const [file = '', ...args] = enterNetworkCommand(pid, entrance, program);
  return spawn(file, args, { cwd: '/', env: {}, detached: true, stdio: ['ipc', 'ignore', 'pipe'], serialization: 'json' });
}

/** Beside this file when run from source, beside the bundle when bundled. */
function helperPath(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith('.ts') ? './listen-inside.ts' : './listen-inside.js', here));
}

/** Waits for its end, since until then its own copies listen on. Through sudo it may not be ours to kill, but heeds the channel. */
async function endHelper(helper: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => helper.once('exit', () => resolve()));
  if (helper.connected) helper.disconnect();
  helper.kill('SIGKILL');
  if (helper.exitCode !== null || helper.signalCode !== null || helper.pid === undefined) return;
  await Promise.race([ended, new Promise((resolve) => void setTimeout(resolve, HELPER_END_MS_MAX).unref())]);
}

function receiveHandles(
  helper: ChildProcess,
  requests: readonly ListenRequest[],
  onHandle: (index: number, handle: Server | UdpSocket) => void,
): Promise<void> {
  let missing = requests.length;
  let complaint = '';
  const failed = false;
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(
        new Error(`Cannot listen inside the cage: ${why}${complaint === '' ? '' : ` (${complaint.trim()})`}, expected every listener up`),
      );
    };
    const timer = setTimeout(() => fail(`it took longer than ${LISTEN_MS_MAX} ms`), LISTEN_MS_MAX);
    helper.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(0, COMPLAINT_BYTES_MAX);
    });
    helper.once('error', (error) => fail(error.message));
    helper.once('close', () => fail('the helper ended'));
    helper.on('message', (message: HelperMessage, handle: unknown) => {
      const request = requests[message.index];
      if (message.kind === 'failed' || !(handle instanceof Server || handle instanceof UdpSocket)) {
        const code = message.kind === 'failed' ? message.code : 'no handle';
        return fail(`${request?.address ?? '?'} port ${request?.port ?? '?'}: ${code}`);
      }
      if (failed) {
        handle.close();
        return;
      }
      onHandle(message.index, handle);
      missing -= 1;
      if (missing > 0) return;
      clearTimeout(timer);
      resolve();
    });
    // A helper that is gone already says why on its standard error.
    helper.send({ kind: 'listen', requests } satisfies GatewayMessage, () => undefined);
  });
}

function serve(handle: Server | UdpSocket, target: string | null, options: CageListenersOptions): void {
  if (handle instanceof UdpSocket) {
    serveUdp(handle, options.names, options.otherName);
    return;
  }
  handle.on('error', () => undefined);
  if (target === null) handle.maxConnections = RESOLVER_CONNECTIONS_MAX;
  handle.on('connection', (socket) => {
    if (target === null) serveTcp(socket, options.names, options.otherName);
    else options.onConnection(target, socket);
  });
}
