import { CallError, type Scope, scopeOf } from '../contract/index.ts';
import type { ContractService } from '../engine/index.ts';

/**
 * The service as one caller sees it: what its token does not cover is refused before the engine is asked.
 *
 * @param scopesNow what it may do at this moment: a login ends and a token is revoked while a connection is open. @throws
 * CallError for whom nobody knows any more.
 * @param turn resolves when it may ask what can take long to answer.
 */
export function scopedService(
  service: ContractService,
  scopesNow: () => ReadonlySet<Scope>,
  turn: () => Promise<void> = async () => undefined,
): ContractService {
  return {
    async call(method, params) {
      const scope = scopeOf(method);
      require(scopesNow(), scope, method);
      if (scope === 'read') await turn();
      return service.call(method, params);
    },
    subscribe(address, listener) {
      require(scopesNow(), 'read', address);
      return service.subscribe(address, listener);
    },
  };
}

function require(scopes: ReadonlySet<Scope>, scope: Scope, what: string): void {
  if (scopes.has(scope)) return;
  throw new CallError(
    'FORBIDDEN',
    `${what} takes the scope "${scope}", and this token has ${[...scopes].join(', ')}: make another with \`tradebot tokens make\``,
  );
}
