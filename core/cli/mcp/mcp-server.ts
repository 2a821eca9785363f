import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { CallError } from '../../contract/index.ts';
import type { CommandAnswer } from './child-commands.ts';
import { inputSchemaOf, type McpTool } from './mcp-tools.ts';

export interface McpServerOptions {
  readonly version: string;
  readonly tools: readonly McpTool[];
  /** What the running program answers; undefined where none runs. @throws CallError as it answered. */
  readonly ask: (method: string, params: unknown) => Promise<unknown>;
  /** A command of this program, run to its end, or until its answer is not wanted any more. */
  readonly run: (args: readonly string[], unwanted: AbortSignal) => Promise<CommandAnswer>;
}

const NOT_RUNNING =
  'the program does not run with an API on this data directory: start it with `tradebot run --headless`';
/** No assistant reads more, and some refuse it. */
const LONGEST_ANSWER = 400_000;

/** The server of the Model Context Protocol; whatever goes wrong is told to the assistant in one line. */
export function mcpServer({ version, tools, ask, run }: McpServerOptions): Server {
  const server = new Server({ name: 'llm-tradebot', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: tools.map(describe) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) return failure(`there is no tool ${params.name}`);
    try {
      return await use(tool, params.arguments ?? {}, { ask, run: (args) => run(args, signal) });
    } catch (error) {
      if (error instanceof CallError) return failure(error.message);
      throw error;
    }
  });
  return server;
}

async function use(
  tool: McpTool,
  input: Readonly<Record<string, unknown>>,
  {
    ask,
    run,
  }: Pick<McpServerOptions, 'ask'> & { readonly run: (args: readonly string[]) => Promise<CommandAnswer> },
): Promise<CallToolResult> {
  if (tool.kind === 'method') {
    // What stops has an origin: an assistant cannot say that it was the trader's hand.
    const answer = await ask(tool.method, isStop(tool) ? { ...input, from: 'api' } : input);
    return answer === undefined ? failure(NOT_RUNNING) : success(JSON.stringify(answer));
  }
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) {
    return failure(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
  }
  const { exitCode, stdout, stderr } = await run(tool.command(parsed.data));
  if (stdout.trim() !== '') return success(stdout.trim());
  return failure(stderr.trim() === '' ? `${tool.name} ended with ${exitCode}` : stderr.trim());
}

function describe(tool: McpTool): Tool {
  const { name, title, description } = tool;
  const reads = !isStop(tool);
  return {
    ...{ name, title, description, inputSchema: inputSchemaOf(tool) },
    annotations: { title, readOnlyHint: reads, destructiveHint: !reads, openWorldHint: false },
  };
}

function isStop(tool: McpTool): boolean {
  return tool.kind === 'method' && ['trading.pause', 'killSwitch.activate'].includes(tool.method);
}

function success(text: string): CallToolResult {
  if (text.length <= LONGEST_ANSWER) return { content: [{ type: 'text', text }] };
  return failure(`the answer has ${text.length} characters: ask for less, with limit or another filter`);
}

function failure(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}
