import { CallError, type Scope, scopeOf } from '../contract/index.ts';
import type { ContractService } from '../engine/index.ts';

/** The service as one caller sees it: what its token does not cover is refused before the engine is asked. */
export function scopedService(service: ContractService, scopes: ReadonlySet<Scope>): ContractService {
  return {
    async call(method, params) {
      require(scopes, scopeOf(method), method);
      return service.call(method, params);
    },
    subscribe(address, listener) {
      require(scopes, 'read', address);
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
