import type { Command } from 'commander';
import { TraderError } from '../../domain/index.ts';
import { type CommandContext, settingsOf, wholeSettingsOf } from '../context.ts';

export function registerSettings(program: Command, context: CommandContext): void {
  const config = program.command('config').description('show and check settings');
  config
    .command('validate')
    .description('check the settings file and environment; lists every fault')
    .action(() => {
      wholeSettingsOf(context);
      context.terminal.print('The settings are valid.');
    });
  config
    .command('get')
    .description('print the settings in force, or one of them')
    .argument('[path]', 'such as safety.maxPositions')
    .action((path: string | undefined) => {
      context.terminal.print(
        JSON.stringify(path === undefined ? settingsOf(context) : settingAt(path), null, 2),
      );
    });

  function settingAt(path: string): unknown {
    let value: unknown = settingsOf(context);
    for (const key of path.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
        throw new TraderError('bad-input', `there is no setting ${path}: see \`tradebot config get\``);
      }
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
}
