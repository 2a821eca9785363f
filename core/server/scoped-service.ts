import { CallError, type Scope, scopeOf } from '../contract/index.ts';
import type { ContractService } from '../engine/index.ts';

/** One who is served. */
export interface Served {
  /**
   * What it may do at this moment: a login ends and a token is revoked while a connection is open.
   *
   * @throws CallError for whom nobody knows any more.
   */
  readonly scopesNow: () => ReadonlySet<Scope>;
  /** Neither the trader's page nor his command line: it cannot say that it was his hand, or the guardian. */
  readonly isProgram: boolean;
  /** Resolves when it may ask what can take long to answer. */
  readonly turn?: () => Promise<void>;
}

/** The service as one caller sees it: what its token does not cover is refused before the engine is asked. */
export function scopedService(
  service: ContractService,
  { scopesNow, isProgram, turn }: Served,
): ContractService {
  return {
    async call(method, params) {
      const scope = scopeOf(method);
      require(scopesNow(), scope, method);
      if (scope === 'read') await turn?.();
      return service.call(method, isProgram ? withoutOrigin(params) : params);
    },
    subscribe(address, listener) {
      require(scopesNow(), 'read', address);
      return service.subscribe(address, listener);
    },
  };
}

/** What has no origin is the API's. The beginning of a period has the same name, and is a number. */
function withoutOrigin<P>(params: P): P {
  const { from, ...others } = (params ?? {}) as { readonly from?: unknown };
  // Every method takes its parameters without an origin.
  return typeof from === 'string' ? (others as P) : params;
}

function require(scopes: ReadonlySet<Scope>, scope: Scope, what: string): void {
  if (scopes.has(scope)) return;
  throw new CallError(
    'FORBIDDEN',
    `${what} takes the scope "${scope}", and this token has ${[...scopes].join(', ')}: make another with \`tradebot tokens make\``,
  );
}
