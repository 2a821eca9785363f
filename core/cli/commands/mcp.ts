import { spawn } from 'node:child_process';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { type CommandContext, dataDirectoryOf, settingsFileOf } from '../context.ts';
import type { CommandAnswer } from '../mcp/mcp-server.ts';
import { mcpTools, STOPS, type Stop } from '../mcp/mcp-tools.ts';

/** A backtest over years of minutes takes a while. */
const COMMAND_MS = 10 * 60_000;

/** `tradebot mcp`: what the program knows, for assistants that speak the Model Context Protocol. */
export function registerMcp(program: Command, context: CommandContext): void {
  program
    .command('mcp')
    .description('serve assistants over the Model Context Protocol (stdio): they read, and trade nothing')
    .option('--allow <stops>', 'let them also pause or kill; both with a comma', readStops, new Set<Stop>())
    .action(async ({ allow }: { allow: ReadonlySet<Stop> }) => serve(allow, context));
}

async function serve(allowed: ReadonlySet<Stop>, context: CommandContext): Promise<void> {
  const [{ StdioServerTransport }, { mcpServer }, { askRunningHost }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/stdio.js'),
    import('../mcp/mcp-server.ts'),
    import('../../server/index.ts'),
  ]);
  const directory = dataDirectoryOf(context);
  const server = mcpServer({
    version: context.version,
    tools: mcpTools(allowed),
    async ask(method, params) {
      const answer = await askRunningHost(directory, 'POST', `/api/v1/call/${method}`, params);
      return answer === undefined ? undefined : z.object({ result: z.unknown() }).parse(answer).result;
    },
    run: (args) => runCommand([...globalFlags(context), ...args]),
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    // The assistant has gone.
    process.stdin.once('end', resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
}

/** On the same data directory and settings. */
function globalFlags(context: CommandContext): readonly string[] {
  const config = settingsFileOf(context);
  return ['--data-dir', dataDirectoryOf(context), ...(config === undefined ? [] : ['--config', config])];
}

function runCommand(args: readonly string[]): Promise<CommandAnswer> {
  const [, script = ''] = process.argv;
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_MS,
    windowsHide: true,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

function readStops(text: string): ReadonlySet<Stop> {
  const asked = new Set(text.split(',').map((each) => each.trim()));
  const stops = STOPS.filter((stop) => asked.has(stop));
  if (stops.length !== asked.size) throw new InvalidArgumentError(`it must be of ${STOPS.join(', ')}.`);
  return new Set(stops);
}
