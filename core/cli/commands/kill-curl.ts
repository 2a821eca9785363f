import { killPortOf } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  type KillAction,
  killPath,
  killSignature,
  knownKillSecret,
  MACHINE_CLOCK,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';

const ACTION: KillAction = 'activate';

/** `tradebot kill --print-curl`: a signed request to copy, and how to sign one without us. Sends nothing. */
export async function printSignedCurl(context: CommandContext): Promise<void> {
  const { environment, terminal } = context;
  const directory = dataDirectoryOf(context);
  const secret = await knownKillSecret({ directory, environment });
  if (secret === undefined)
    throw new TraderError(
      'bad-input',
      'there is no secret to sign with yet: run the program once on this data directory, or give killSwitch.hmac',
    );
  const { announcedKillPort } = await import('../../server/index.ts');
  const port = announcedKillPort(directory) ?? killPortOf(settingsOf(context).api);
  const url = `http://127.0.0.1:${port}${killPath(ACTION)}`;
  const now = MACHINE_CLOCK.now();
  terminal.print('# Engages the kill switch; works once, within 30 seconds:');
  terminal.print(curl(url, String(now), killSignature(secret, ACTION, now)));
  terminal.print(
    '# The same at any time, with the secret in $KILL_SECRET (deactivate resets in the same way):',
  );
  terminal.print('t=$(($(date +%s) * 1000))');
  terminal.print(
    `s=$(printf '${ACTION}:%s' "$t" | openssl dgst -sha256 -hmac "$KILL_SECRET" -r | cut -d' ' -f1)`,
  );
  terminal.print(curl(url, '$t', '$s'));
}

function curl(url: string, timestamp: string, signature: string): string {
  return `curl -X POST -H "${TIMESTAMP_HEADER}: ${timestamp}" -H "${SIGNATURE_HEADER}: ${signature}" ${url}`;
}
