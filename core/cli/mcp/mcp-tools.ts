import { z } from 'zod';
import { METHODS, type MethodName, STRATEGY_LABELS } from '../../contract/index.ts';

/** What an assistant (Claude, Codex and the like) can ask the program for. Nothing here trades. */

interface ToolWords {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** Answered by the running program. */
export interface MethodTool extends ToolWords {
  readonly kind: 'method';
  readonly method: MethodName;
}

/** A command of this program, run to its end. */
export interface CommandTool extends ToolWords {
  readonly kind: 'command';
  readonly input: z.ZodType<Readonly<Record<string, unknown>>>;
  readonly command: (input: Readonly<Record<string, unknown>>) => readonly string[];
}

export type McpTool = MethodTool | CommandTool;

/** Tools that stop; each is there only when the trader has allowed it. */
export const STOPS = ['pause', 'kill'] as const;
export type Stop = (typeof STOPS)[number];

const READ_TOOLS: readonly MethodTool[] = [
  reads(
    'status',
    'status.get',
    'Status',
    'Mode, venue, symbols, strategy, whether it trades or is halted, and why.',
  ),
  reads('portfolio', 'portfolio.get', 'Portfolio', 'Equity, cash, profit and loss, drawdown of the account.'),
  reads('positions', 'positions.list', 'Positions', 'What is open, with entry, stop and unrealised profit.'),
  reads('orders', 'orders.list', 'Orders', 'The last orders, newest last.'),
  reads(
    'trades',
    'trades.find',
    'Trades',
    'Finished round trips, newest first, by symbol, outcome, strategy, exit.',
  ),
  reads(
    'trade_totals',
    'trades.totals',
    'Totals',
    'What round trips came to, by symbol, regime, hour, weekday, exit or month.',
  ),
  reads(
    'decisions',
    'decisions.list',
    'Decisions',
    'The last decisions with their reasons, also those that held.',
  ),
  reads(
    'decision',
    'decisions.get',
    'Decision',
    'One decision whole: votes, evidence, gates, sizes and the order.',
  ),
  reads(
    'metrics',
    'metrics.get',
    'Performance',
    'Sharpe, Sortino, drawdown, win rate and the others, with sample sizes.',
  ),
  reads(
    'safety',
    'safety.get',
    'Safety',
    'How far the account is from each limit and each halt of the breaker.',
  ),
  reads(
    'models',
    'models.get',
    'Models',
    'The installed models, what they were measured at, and whether they vote.',
  ),
  reads('candles', 'candles.history', 'Candles', 'Closed bars of a symbol that is traded.'),
  reads('settings', 'settings.get', 'Settings', 'The settings in force. They hold no secret.'),
];

const STOP_TOOLS: Readonly<Record<Stop, MethodTool>> = {
  pause: reads(
    'pause',
    'trading.pause',
    'Pause',
    'No new entries from now on, until the trader resumes. Exits and stops go on.',
  ),
  kill: reads(
    'kill',
    'killSwitch.activate',
    'Emergency stop',
    'Cancels every order, closes every position, and stays stopped until the trader resets it.',
  ),
};

const BacktestSchema = z.strictObject({
  data: z.string().min(1).describe('a file of candles on this machine (CSV, also gzipped)'),
  symbol: z.string().max(40).optional().describe('what they are of, such as BTC/USDT'),
  timeframe: z.string().max(5).optional().describe('length of a bar, such as 1h'),
  strategy: z
    .string()
    .max(60)
    .optional()
    .describe(`${Object.keys(STRATEGY_LABELS).join(', ')}, or one of the trader’s own`),
  from: z.iso.date().optional().describe('first day, in UTC'),
  to: z.iso.date().optional().describe('day after the last, in UTC'),
});

const COMMAND_TOOLS: readonly CommandTool[] = [
  {
    kind: 'command',
    name: 'backtest',
    title: 'Backtest',
    description:
      'Runs a strategy over a file of candles as it would have traded, after costs, beside hold and with an audit for look-ahead. Touches no account.',
    input: BacktestSchema,
    command: ({ data, ...others }) => [
      ...['backtest', '--json', '--data', String(data)],
      ...Object.entries(others).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}`, String(value)],
      ),
    ],
  },
  {
    kind: 'command',
    name: 'doctor',
    title: 'Doctor',
    description: 'Checks this machine, the data directory, keys, models and providers, and says what to do.',
    input: z.strictObject({}),
    command: () => ['doctor', '--json'],
  },
];

/** The tools of one server. @param allowed the stops that the trader lets an assistant make. */
export function mcpTools(allowed: ReadonlySet<Stop>): readonly McpTool[] {
  const stops = STOPS.filter((stop) => allowed.has(stop)).map((stop) => STOP_TOOLS[stop]);
  return [...READ_TOOLS, ...COMMAND_TOOLS, ...stops];
}

/** JSON schema of what a tool takes. */
export function inputSchemaOf(
  tool: McpTool,
): Readonly<Record<string, unknown>> & { readonly type: 'object' } {
  const schema = tool.kind === 'method' ? METHODS[tool.method].params : tool.input;
  const { $schema: _, default: __, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return { ...rest, type: 'object' };
}

function reads(name: string, method: MethodName, title: string, description: string): MethodTool {
  return { kind: 'method', name, method, title, description };
}
