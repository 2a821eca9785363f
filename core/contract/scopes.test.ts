import { expect, it } from 'vitest';
import { METHODS, type MethodName } from './methods.ts';
import { type Scope, scopeOf } from './scopes.ts';

const methods = Object.keys(METHODS) as MethodName[];

function thoseOf(scope: Scope): readonly MethodName[] {
  return methods.filter((method) => scopeOf(method) === scope);
}

it('only what stops or pauses is safety: nothing there lets more happen', () => {
  expect(thoseOf('safety').toSorted()).toEqual([
    'killSwitch.activate',
    'safety.drill',
    'symbols.lock',
    'trading.pause',
  ]);
});

it('what its name calls reading takes "read", and nothing else does', () => {
  const verb = (method: string): string => method.split('.')[1] ?? '';
  const reads =
    /^(get|list|history|find|totals|streaks|excursions|days|exposure|curve|calls|inspect|latest|records|costs|tags|decision|keys|describe\w+)$/;
  expect(thoseOf('read').filter((method) => !reads.test(verb(method)))).toEqual([]);
  expect(methods.filter((method) => reads.test(verb(method)) && scopeOf(method) !== 'read')).toEqual([]);
});

it.each([
  'killSwitch.reset',
  'live.arm',
  'storage.backup',
  'limits.change',
  'breaker.release',
  'trading.resume',
  'symbols.unlock',
  'venues.start',
])('%s takes "trade"', (method) => {
  expect(scopeOf(method as MethodName)).toBe('trade');
});
