import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { PLATFORM, stopSignals } from '../../platform/index.ts';
import { type CommandContext, dataDirectoryOf, settingsFileOf } from '../context.ts';
import { ChildCommands } from '../mcp/child-commands.ts';
import { mcpTools, STOPS, type Stop } from '../mcp/mcp-tools.ts';

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
  const [, script = ''] = process.argv;
  const commands = new ChildCommands([script, ...globalFlags(context)]);
  const server = mcpServer({
    version: context.version,
    tools: mcpTools(allowed),
    async ask(method, params) {
      const answer = await askRunningHost(directory, 'POST', `/api/v1/call/${method}`, params);
      return answer === undefined ? undefined : z.object({ result: z.unknown() }).parse(answer).result;
    },
    run: (args, unwanted) => commands.run(args, unwanted),
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    // The assistant has gone.
    process.stdin.once('end', resolve);
    process.stdout.on('error', () => resolve());
    for (const signal of stopSignals(PLATFORM)) process.once(signal, () => resolve());
  });
  await server.connect(new StdioServerTransport());
  await closed;
  commands.end();
  await server.close();
}

/** On the same data directory and settings. */
function globalFlags(context: CommandContext): readonly string[] {
  const config = settingsFileOf(context);
  return ['--data-dir', dataDirectoryOf(context), ...(config === undefined ? [] : ['--config', config])];
}

function readStops(text: string): ReadonlySet<Stop> {
  const asked = new Set(text.split(',').map((each) => each.trim()));
  const stops = STOPS.filter((stop) => asked.has(stop));
  if (stops.length !== asked.size) throw new InvalidArgumentError(`it must be of ${STOPS.join(', ')}.`);
  return new Set(stops);
}
