import { mkdirSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { SCOPES, type Scope } from '../../contract/index.ts';
import { MACHINE_CLOCK } from '../../engine/index.ts';
import type { ApiToken, ApiTokens } from '../../server/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';
import { minuteText } from '../dates.ts';
import { table } from '../terminal.ts';

const MOST_DAYS = 366;
const LONGEST_NAME = 60;

/** `tradebot tokens`: what other programs may do over the API, and for how long. */
export function registerTokens(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const tokens = program.command('tokens').description('tokens with which other programs use the API');
  tokens
    .command('make')
    .description('make one; it is shown this once')
    .argument('<name>', 'what it is for', readName)
    .requiredOption(
      '--scope <scopes>',
      'read (see everything), safety (stop and pause), trade (everything else); several with commas',
      readScopes,
    )
    .option('--days <count>', `how long it holds, at most ${MOST_DAYS}`, readDays, 90)
    .action(async (name: string, { scope, days }: { scope: readonly Scope[]; days: number }) => {
      const { secret, token } = (await tokensOf(context)).make(name, scope, days);
      terminal.print(secret);
      terminal.note(
        `Token ${token.id} "${token.name}" for ${token.scopes.join(', ')}, until ${minuteText(token.endsAt)}. It is not shown again: send it as \`Authorization: Bearer\`.`,
      );
    });
  tokens
    .command('list')
    .description('the tokens there are, without themselves')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const list = (await tokensOf(context)).list();
      if (json === true) return terminal.print(JSON.stringify(list.map(withoutDigest)));
      if (list.length === 0)
        return terminal.print('no tokens: `tradebot tokens make NAME --scope read` makes one');
      const rows = list.map(({ id, name, scopes, createdAt, endsAt }) => [
        ...[id, name, scopes.join(', '), minuteText(createdAt), minuteText(endsAt)],
        endsAt > MACHINE_CLOCK.now() ? 'holds' : 'has ended',
      ]);
      terminal.print(table(['id', 'name', 'may', 'made', 'until', ''], rows));
    });
  tokens
    .command('revoke')
    .description('from now on it opens nothing, in the running program too')
    .argument('<id>', 'as `tokens list` shows it')
    .action(async (id: string) => {
      const { name } = (await tokensOf(context)).revoke(id);
      terminal.print(`Token ${id} "${name}" is revoked.`);
    });
}

/** Loads the server only where a token is asked for. */
async function tokensOf(context: CommandContext): Promise<ApiTokens> {
  const { ApiTokens } = await import('../../server/index.ts');
  const directory = dataDirectoryOf(context);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return new ApiTokens(directory, MACHINE_CLOCK);
}

function withoutDigest({ digest: _, ...token }: ApiToken): Omit<ApiToken, 'digest'> {
  return token;
}

function readName(text: string): string {
  const name = text.trim();
  if (name === '' || name.length > LONGEST_NAME) {
    throw new InvalidArgumentError(`it must be 1 to ${LONGEST_NAME} characters.`);
  }
  return name;
}

function readScopes(text: string): readonly Scope[] {
  const asked = [...new Set(text.split(',').map((each) => each.trim()))];
  const scopes = SCOPES.filter((scope) => asked.includes(scope));
  if (scopes.length !== asked.length) throw new InvalidArgumentError(`it must be of ${SCOPES.join(', ')}.`);
  return scopes;
}

function readDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > MOST_DAYS) {
    throw new InvalidArgumentError(`it must be a whole number from 1 to ${MOST_DAYS}.`);
  }
  return days;
}
