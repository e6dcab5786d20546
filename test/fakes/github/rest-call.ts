import type { Accounts } from './accounts.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { Job } from './jobs.ts';
import type { ApiVersion, OperationName } from './openapi/operations.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Repository } from './repositories.ts';
import type { SignedUrls } from './signed-urls.ts';

/** What the API knows and may do. */
export type RestPlace = {
  readonly apiUrl: string;
  readonly accounts: Accounts;
  readonly repositories: readonly Repository[];
  readonly jobs: readonly Job[];
  readonly store: ArtifactStore;
  readonly urls: SignedUrls;
  readonly limits: RateLimits;
  readonly nowMs: () => number;
};

/** A question that is GitHub's own, from somebody who may ask it. */
export type RestCall = {
  readonly place: RestPlace;
  /** By their names in the operation's template. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of `application/vnd.github.<format>+json`. */
  readonly format: 'json' | 'raw' | 'object' | 'sha';
  readonly version: ApiVersion;
  /** Null: nobody in particular. */
  readonly caller: Job | null;
};

export type RestReply =
  | { readonly kind: 'json'; readonly body: object; readonly mediaType?: string; readonly link?: string }
  | { readonly kind: 'text'; readonly text: string; readonly mediaType: string }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'problem'; readonly status: number; readonly message: string };

export type Route = {
  readonly operation: OperationName;
  /** Formats beside JSON. */
  readonly formats?: readonly RestCall['format'][];
} & (
  | { readonly on: 'site'; readonly isFree?: boolean; answer(call: RestCall): RestReply }
  | {
      readonly on: 'repository';
      /** Null: whoever sees the repository may ask. */
      readonly scope: { readonly name: 'contents' | 'actions'; readonly level: 'read' | 'write' } | null;
      answer(call: RestCall, repository: Repository): RestReply;
    }
);

export const NOT_FOUND: RestReply = { kind: 'problem', status: 404, message: 'Not Found' };

/** Who pays for questions without a token. */
export const ANONYMOUS = 'anonymous';
