import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { TraderError } from '../../domain/index.ts';
import {
  CREDENTIALS,
  environmentName,
  isSecretName,
  openKeychain,
  openSecrets,
  SECRET_NAMES,
  secretFault,
} from '../../engine/index.ts';
import type { CommandContext } from '../context.ts';
import { table } from '../terminal.ts';

export function registerKeys(program: Command, context: CommandContext): void {
  const { terminal, environment } = context;
  const keys = program.command('keys').description("secrets in this machine's keychain");
  keys
    .command('set')
    .description('keep a secret; it is asked for, or read from standard input')
    .argument('<name>', 'such as llm.apiKey')
    .action(async (name: string) => {
      checkName(name);
      const secret = (await readSecret(name)).trim();
      if (secret === '') throw new TraderError('bad-input', `${name}: nothing was given; nothing is kept`);
      const fault = secretFault(name, secret);
      if (fault !== null) throw new TraderError('bad-input', fault);
      await openKeychain().write(name, secret);
      terminal.print(`${name} is kept in the keychain`);
    });
  keys
    .command('list')
    .description('which secrets are known, and from where; never what they are')
    .option('--json', 'print one JSON document')
    .action(async (flags: { readonly json?: boolean }) => {
      const secrets = await openSecrets({ environment });
      const known = SECRET_NAMES.map((name) => ({ name, source: secrets.sourceOf(name) ?? null }));
      if (flags.json === true) terminal.print(JSON.stringify(known));
      else
        terminal.print(
          table(
            ['secret', 'from'],
            known.map(({ name, source }) => [name, source ?? '-']),
          ),
        );
    });
  keys
    .command('remove')
    .description('forget a secret')
    .argument('<name>', 'such as llm.apiKey')
    .action(async (name: string) => {
      checkName(name);
      const removed = await openKeychain().remove(name);
      terminal.print(removed ? `${name} is forgotten` : `${name} was not in the keychain`);
      if (environment[environmentName(name)]) terminal.note(`${environmentName(name)} is still set`);
    });
}

function checkName(name: string): void {
  if (isSecretName(name)) return;
  throw new TraderError(
    'bad-input',
    `${name}: not the name of a secret: choose one of ${SECRET_NAMES.join(', ')} or exchange.<id>.${CREDENTIALS.join('|')}`,
  );
}

/** From a terminal without showing it, else all of standard input. */
async function readSecret(name: string): Promise<string> {
  if (!process.stdin.isTTY) {
    let text = '';
    for await (const chunk of process.stdin) text += String(chunk);
    return text;
  }
  process.stderr.write(`${name} (is not shown): `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
