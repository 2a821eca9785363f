const GROUPS: readonly (readonly [why: string, names: readonly string[]])[] = [
  [
    'a strategy has no clock: market.time is the time that it decides at',
    ['Date', 'performance', 'Temporal', 'Intl'],
  ],
  [
    'a strategy answers at once, and starts nothing that goes on',
    [
      'Promise',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'async',
      'await',
      'yield',
      'Atomics',
      'SharedArrayBuffer',
      'Worker',
    ],
  ],
  ['a strategy reaches no network', ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'navigator']],
  [
    'a strategy reaches nothing but prices',
    [
      'process',
      'require',
      'module',
      'exports',
      'import',
      'globalThis',
      'global',
      'window',
      'self',
      'Buffer',
      'WebAssembly',
      'document',
      'Deno',
      'Bun',
    ],
  ],
  [
    'a strategy makes no programs',
    [
      'eval',
      'Function',
      'Reflect',
      'Proxy',
      'Symbol',
      'constructor',
      'prototype',
      '__proto__',
      '__defineGetter__',
      '__defineSetter__',
      '__lookupGetter__',
      '__lookupSetter__',
    ],
  ],
  ['a strategy has no chance: the same prices must give the same answer', ['crypto']],
  ['a strategy that cannot go on stops; it does not catch what it does wrong', ['try', 'catch', 'finally']],
  ['a strategy needs no classes: write functions', ['class', 'this', 'super', 'extends', 'new']],
  ['this word is not known here: write const or let', ['var']],
  [
    'this word is not known here',
    [
      'with',
      'delete',
      'void',
      'in',
      'instanceof',
      'enum',
      'namespace',
      'declare',
      'debugger',
      'arguments',
      'static',
      'get',
      'set',
      'RegExp',
      'console',
    ],
  ],
];

const WHY = new Map(
  GROUPS.flatMap(([why, names]) => names.map((name) => [name, `${name}: ${why}`] as const)),
);

/** Why a name is none of a strategy's; null where it may be used. */
export function whyUnknown(name: string): string | null {
  return WHY.get(name) ?? null;
}

/** Keys by which programs climb from a value to what made it. */
export function isForbiddenKey(key: string): boolean {
  return key === 'constructor' || key === 'prototype' || key.startsWith('__');
}
