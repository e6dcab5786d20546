import { type AskedFor, type Fault, startHttpServer } from '#test/fakes/github/http-server.ts';
import { type Authorities, createAuthorities } from './authorities.ts';
import { createServices, type ServicesSetup } from './services.ts';
import { startTlsProxy } from './tls-proxy.ts';

/** Sigstore's public instance, and GitHub's own, under the names they have; reached by a proxy, over TLS. */
export type FakeSigstore = {
  /** For `https_proxy`; nothing else can be reached by it. */
  readonly proxyUrl: string;
  /** PEM, to be trusted for the services' names. */
  readonly authority: string;
  /** `host:port` of every connection. */
  readonly connections: readonly string[];
  readonly requests: readonly (AskedFor & { readonly status: number })[];
  readonly publicGood: Authorities;
  readonly github: Authorities;
  /** The next requests that fit fail so, once if `times` is not given. */
  fault(match: (request: AskedFor) => boolean, what: Fault, times?: number): void;
  /** Rejects when a service was asked for what it does not have. */
  stop(): Promise<void>;
};

const NAMES = ['fulcio.sigstore.dev', 'rekor.sigstore.dev', 'fulcio.githubapp.com', 'timestamp.githubapp.com'];
const ON_OTHER_HOSTS = ['fulcio.github.localhost', 'timestamp.github.localhost'];

export async function startSigstore({ issuer }: Pick<ServicesSetup, 'issuer'>): Promise<FakeSigstore> {
  const problems: string[] = [];
  const publicGood = await createAuthorities({ isLogged: true });
  const github = await createAuthorities({ isLogged: false });
  const server = await startHttpServer(problems);
  server.serve(createServices({ instances: { publicGood, github }, issuer }));
  const proxy = await startTlsProxy([...NAMES, ...ON_OTHER_HOSTS], server.base);
  return {
    ...{ proxyUrl: proxy.url, authority: proxy.authority, connections: proxy.asked, requests: server.requests, publicGood, github },
    fault: (match, what, times) => server.fault(match, what, times),
    async stop() {
      await proxy.stop();
      await server.stop();
      if (problems.length > 0) throw new Error(`The simulated Sigstore was asked for what it does not have: ${problems.join('; ')}`);
    },
  };
}
