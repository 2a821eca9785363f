import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CallError, ErrorBodySchema } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import { writeWhole } from '../platform/index.ts';
import { isSame, proofOf, readOwnToken } from './access.ts';
import { freshSecret } from './secret-digest.ts';

const HOST_FILE = 'host.json';
const HostSchema = z.object({ port: z.number().int(), killPort: z.number().int().nullable().default(null) });
const TIMEOUT_MS = 5_000;
const LONGEST_PROOF = 1_000;

/**
 * Notes in the data directory where the host listens, for `tradebot status` and its like. A disk that is full is no reason
 * not to trade on, nor one not to end.
 *
 * @returns takes the note away.
 */
export function announceHost(
  directory: string,
  ports: Readonly<z.infer<typeof HostSchema>>,
  log: Logger,
): () => void {
  const path = join(directory, HOST_FILE);
  try {
    writeWhole(path, JSON.stringify(ports));
  } catch (error) {
    log.warn(
      { err: error },
      `${HOST_FILE} cannot be written: \`tradebot status\` and \`open\` do not find this program`,
    );
  }
  return () => {
    try {
      rmSync(path, { force: true });
    } catch (error) {
      // Whoever reads it finds that nobody listens there.
      log.warn({ err: error }, `${HOST_FILE} cannot be taken away`);
    }
  };
}

/**
 * Asks the host that runs on a data directory, with its token. Undefined when none does: whoever else listens at the
 * port of one that did not end well is not told the token.
 *
 * @throws CallError as the host answered it.
 */
export async function askRunningHost(
  directory: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  patienceMs = TIMEOUT_MS,
): Promise<unknown> {
  const port = readHost(directory)?.port;
  const token = readOwnToken(directory);
  if (port === undefined || token === undefined || !(await isHostOf(token, port))) return undefined;
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    // Nobody listens there any more: the note is from a host that did not end well.
    return undefined;
  }
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const error = z.object({ error: ErrorBodySchema }).safeParse(answer);
  throw error.success
    ? CallError.fromBody(error.data.error)
    : new CallError('INTERNAL', `the running program answered ${response.status}`);
}

/** Whether the one who listens at a port can prove that it has the token of the data directory. */
async function isHostOf(token: string, port: number): Promise<boolean> {
  const nonce = freshSecret();
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/hello?nonce=${nonce}`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { proof } = z.object({ proof: z.string().max(100) }).parse(JSON.parse(await shortText(response)));
    return isSame(proof, proofOf(token, nonce, port));
  } catch {
    // Nobody listens there, or something else does.
    return false;
  }
}

/** What a stranger answers is not read further than an answer of ours would go. @throws TypeError when it is longer. */
async function shortText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_PROOF) throw new TypeError('no proof is so long');
  }
  return text;
}

/** Where the host of a directory has said that it hears signed requests to the kill switch; undefined: nowhere. */
export function announcedKillPort(directory: string): number | undefined {
  return readHost(directory)?.killPort ?? undefined;
}

function readHost(directory: string): z.infer<typeof HostSchema> | undefined {
  try {
    return HostSchema.parse(JSON.parse(readFileSync(join(directory, HOST_FILE), 'utf8')));
  } catch {
    // No note, or an unreadable one: as if no host ran.
    return undefined;
  }
}
