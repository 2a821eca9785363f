import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { TraderError } from '../../domain/index.ts';
import {
  CREDENTIALS,
  changePassphrase,
  environmentName,
  exchangeSecret,
  isSecretName,
  LEAST_PASSPHRASE,
  looseSecretFiles,
  MACHINE_CLOCK,
  notedDates,
  noteKept,
  openKeychain,
  openSecrets,
  openVault,
  SECRET_NAMES,
  secretFault,
  UNLOCK,
  VAULT_FILE,
  vaultPassphrase,
  vaultPath,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { table } from '../terminal.ts';

export function registerKeys(program: Command, context: CommandContext): void {
  const { terminal, environment } = context;
  const keys = program
    .command('keys')
    .description("secrets in this machine's keychain, or in an encrypted file where it has none");
  keys
    .command('set')
    .description('keep a secret; it is asked for, or read from standard input')
    .argument('<name>', 'such as llm.apiKey')
    .option('--vault', 'in the encrypted file of the data directory, for a machine without a keychain')
    .action(async (name: string, { vault = false }: { readonly vault?: boolean }) => {
      checkName(name);
      const secret = (await readSecret(name)).trim();
      if (secret === '') throw new TraderError('bad-input', `${name}: nothing was given; nothing is kept`);
      const fault = secretFault(name, secret);
      if (fault !== null) throw new TraderError('bad-input', fault);
      if (!vault && (await isInKeychain(name, secret))) {
        noteKept(dataDirectoryOf(context), name, MACHINE_CLOCK.now());
        return terminal.print(`${name} is kept in the keychain`);
      }
      if (!vault) terminal.note(`This machine has no keychain that can be used: ${VAULT_OFFER}`);
      const directory = dataDirectoryOf(context);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const path = vaultPath(directory);
      const opened = await openVault(
        path,
        await askPassphrase(context, (await openVault(path, null)).keptAt.size === 0),
      );
      opened.write(name, secret, MACHINE_CLOCK.now());
      terminal.print(`${name} is kept in ${path}. When the program starts, ${UNLOCK}`);
    });
  keys
    .command('list')
    .description('which secrets are known, and from where; never what they are')
    .option('--json', 'print one JSON document')
    .action(async (flags: { readonly json?: boolean }) => {
      const directory = dataDirectoryOf(context);
      const exchange = settingsOf(context).exchange.id;
      const secrets = await openSecrets({ environment, directory, exchange });
      const ages = await keptDates(directory);
      const names = [...SECRET_NAMES, ...CREDENTIALS.map((each) => exchangeSecret(exchange, each))];
      const known = names.flatMap((name) => {
        const source = secrets.sourceOf(name) ?? null;
        if (source === null && !(SECRET_NAMES as readonly string[]).includes(name)) return [];
        const keptAt = source === null ? null : (ages(name, source) ?? null);
        const days = keptAt === null ? null : Math.floor((MACHINE_CLOCK.now() - keptAt) / DAY_MS);
        return [{ name, source, keptAt, days }];
      });
      for (const line of looseSecretFiles({ directory })) terminal.note(line);
      if (flags.json === true) terminal.print(JSON.stringify(known));
      else
        terminal.print(
          table(
            ['secret', 'from', 'age', ''],
            known.map(({ name, source, days }) => [
              ...[name, source ?? '-', ageText(source, days)],
              (days ?? 0) > OLD_DAYS ? 'old: make a new one, and set it in its place' : '',
            ]),
          ),
        );
    });
  keys
    .command('remove')
    .description('forget a secret')
    .argument('<name>', 'such as llm.apiKey')
    .action(async (name: string) => {
      checkName(name);
      const path = vaultPath(dataDirectoryOf(context));
      const inVault = existsSync(path) && (await openVault(path, null)).remove(name);
      // Where there is no keychain, nothing is in it.
      const removed = await openKeychain()
        .remove(name)
        .catch((error: unknown) => {
          if (inVault) return false;
          throw error;
        });
      if (inVault) terminal.print(`${name} is forgotten by the vault`);
      if (removed || !inVault)
        terminal.print(removed ? `${name} is forgotten` : `${name} was not in the keychain`);
      if (environment[environmentName(name)]) terminal.note(`${environmentName(name)} is still set`);
    });
  keys
    .command('passphrase')
    .description('give the vault another passphrase')
    .action(async () => {
      const path = vaultPath(dataDirectoryOf(context));
      if (!existsSync(path))
        throw new TraderError(
          'bad-input',
          `there is no vault in ${path}: \`keys set NAME --vault\` makes one`,
        );
      if (!process.stdin.isTTY) throw new TraderError('bad-input', 'this is asked for in a terminal');
      const before = await askHidden('the passphrase it has');
      await changePassphrase(path, before, await askTwice());
      terminal.print('The vault has its new passphrase. Give it to the program before its next start.');
    });
}

const VAULT_OFFER = `it is kept in ${VAULT_FILE} of the data directory, encrypted by a passphrase`;
const DAY_MS = 86_400_000;
/** As venues and banks advise. */
const OLD_DAYS = 180;

/** @returns false where this machine has none. */
async function isInKeychain(name: string, secret: string): Promise<boolean> {
  try {
    await openKeychain().write(name, secret);
    return true;
  } catch (error) {
    if (error instanceof TraderError) return false;
    throw error;
  }
}

/** The vault's passphrase, from outside or from the trader at his terminal. @throws TraderError */
async function askPassphrase(context: CommandContext, isNew: boolean): Promise<string> {
  const given = vaultPassphrase({ environment: context.environment });
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) throw new TraderError('bad-input', `nothing is kept: ${UNLOCK}`);
  return isNew ? askTwice() : askHidden('the passphrase of the vault');
}

async function askTwice(): Promise<string> {
  const passphrase = await askHidden(`a new passphrase, at least ${LEAST_PASSPHRASE} characters`);
  if ((await askHidden('the same once more')) === passphrase) return passphrase;
  throw new TraderError('bad-input', 'the two are not the same: nothing was changed');
}

/** When secrets were kept: the vault knows, of the keychain's we have noted it, files have a date. */
async function keptDates(directory: string): Promise<(name: string, source: string) => number | undefined> {
  const path = vaultPath(directory);
  const inVault = existsSync(path) ? (await openVault(path, null)).keptAt : new Map<string, number>();
  const noted = notedDates(directory);
  return (name, source) => {
    if (source === 'vault') return inVault.get(name);
    if (source === 'keychain') return noted.get(name);
    if (source !== 'file') return undefined;
    return statSync(join('/run/secrets', name), { throwIfNoEntry: false })?.mtimeMs;
  };
}

function ageText(source: string | null, days: number | null): string {
  if (source === null) return '';
  if (days === null) return 'not known';
  return days === 1 ? '1 day' : `${days} days`;
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
  return askHidden(name);
}

async function askHidden(what: string): Promise<string> {
  process.stderr.write(`${what} (is not shown): `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
