/**
 * What the gateway and its helper inside a cage say to each other on Node's IPC channel. Both ends are ours, and nothing
 * caged can reach the channel.
 */
export type ListenKind = 'target' | 'resolver-tcp' | 'resolver-udp';

/** What to listen at; `index` names it in the answers. */
export type ListenRequest = { readonly index: number; readonly kind: ListenKind; readonly address: string; readonly port: number };

export type GatewayMessage =
  | { readonly kind: 'listen'; readonly requests: readonly ListenRequest[] }
  /** All handles have arrived; the helper may leave. */
  | { readonly kind: 'thanks' };

export type HelperMessage =
  /** Comes with the handle: a net.Server that listens, or a bound dgram socket. */
  { readonly kind: 'listening'; readonly index: number } | { readonly kind: 'failed'; readonly index: number; readonly code: string };
