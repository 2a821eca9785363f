/**
 * The dependency rule (docs/architecture.md): the folders of core/ are the steps of the trading loop. A step knows
 * domain and contract, never another step; only the engine composes them.
 */
const STEPS =
  'market|features|inference|strategies|agents|consensus|safety|execution|portfolio|storage|monitoring|alerts';
const CORE = `contract|domain|platform|${STEPS}|engine|guardian|research|backtest|server|cli`;
/** Production code: tests may import what they like. */
const PRODUCTION = { pathNot: '\\.test\\.tsx?$|^tests/|/testing/' };

/** Of the program's own modules, `from` may import those in `allowed` and no others. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, ...PRODUCTION },
  to: { path: '^(core|renderer|electron|tests|scripts)/', pathNot: allowed },
});

/** Of packages and Node's modules, `from` may import `allowed` and no others. */
const onlyPackages = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, ...PRODUCTION },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'],
    pathNot: allowed,
  },
});

/** The rooms of the renderer, from the page down: each may import those after it, and nothing above it. */
const RENDERER_FLOORS = ['shell', 'pages', 'chart', 'program', 'stores', 'host', 'parts', 'format'];

/** Rules that keep the folders of `root` in one order. */
function oneWay(root, floors) {
  return floors.slice(1).map((floor, index) => ({
    name: `${root}-goes-one-way`,
    severity: 'error',
    comment: `${floor} is below ${floors.slice(0, index + 1).join(', ')}`,
    from: { path: `^${root}/${floor}/`, ...PRODUCTION },
    to: { path: `^${root}/(${floors.slice(0, index + 1).join('|')})/` },
  }));
}

module.exports = {
  forbidden: [
    only(
      'contract-imports-nothing',
      '^core/contract/',
      '^core/contract/',
      'contract is what crosses a boundary',
    ),
    onlyPackages('contract-uses-only-its-schema-library', '^core/contract/', 'node_modules/zod/'),
    only('domain-imports-contract', '^core/domain/', '^core/(domain|contract)/', 'domain is pure'),
    onlyPackages('domain-uses-only-decimals', '^core/domain/', 'node_modules/decimal\\.js/'),
    only(
      'platform-knows-no-step',
      '^core/platform/',
      '^core/platform/',
      'what a system is, whoever asks for it',
    ),
    onlyPackages(
      'platform-uses-only-node',
      '^core/platform/',
      '^(node:)?(fs|os|path|timers/promises|worker_threads)$',
    ),
    only(
      'steps-never-meet',
      `^core/(${STEPS})/`,
      '^core/($1|domain|contract|platform)/',
      'only the engine composes the steps',
    ),
    only(
      'engine-composes-steps',
      '^core/engine/',
      `^core/(engine|guardian|domain|contract|platform|${STEPS})/`,
    ),
    only(
      'research-uses-steps-and-engine',
      '^core/research/',
      `^core/(research|engine|domain|contract|platform|${STEPS})/`,
    ),
    only(
      'guardian-watches-alone',
      '^core/guardian/',
      '^core/(guardian|domain|contract|platform)/',
      'what watches the engine must not fail with it',
    ),
    // Its figures are read off the account: the one step that a backtest asks itself.
    only(
      'backtest-uses-engine',
      '^core/backtest/',
      '^core/(backtest|engine|portfolio|domain|contract|platform)/',
    ),
    only('server-uses-engine', '^core/server/', '^core/(server|engine|backtest|domain|contract|platform)/'),
    // `tradebot run` starts the headless host: the one import of the server from outside.
    only(
      'cli-uses-engine',
      '^core/cli/',
      '^core/(cli|server|engine|research|backtest|domain|contract|platform)/',
    ),
    // The desktop serves the API too where the trader turns it on.
    only(
      'electron-uses-engine',
      '^electron/',
      '^(electron/|core/(server|engine|backtest|domain|contract|platform)/)',
    ),
    only('renderer-imports-contract', '^renderer/', '^(renderer/|core/contract/)'),
    ...oneWay('renderer', RENDERER_FLOORS),
    {
      name: 'renderer-runs-in-a-browser',
      severity: 'error',
      from: { path: '^renderer/', ...PRODUCTION },
      to: { dependencyTypes: ['core'] },
    },
    only('core-has-no-other-folder', `^core/(?!(${CORE})/)`, '^$', 'a new folder needs a rule of its own'),
    {
      name: 'only-electron-imports-electron',
      severity: 'error',
      from: { path: '^(core|renderer)/', ...PRODUCTION },
      to: { path: '(^|node_modules/)electron(/|$)' },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { path: '^(core|renderer|electron)/', ...PRODUCTION },
      to: { path: '\\.test\\.tsx?$|^tests/|/testing/' },
    },
    { name: 'no-circles', severity: 'error', from: { ...PRODUCTION }, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: { ...PRODUCTION }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
