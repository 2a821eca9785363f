import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Mode, ModeSchema, type Settings, SettingsSchema } from '../../contract/index.ts';
import type { Logger } from '../../domain/index.ts';
import { writeWhole } from '../../platform/index.ts';

const StoredSchema = z.object({
  version: z.literal(1),
  orderIdPrefix: z.string().min(1),
  symbols: z.array(z.string().min(1)).min(1),
  exchange: z.unknown(),
});

/** Where a mode last traded, and what was its own there. */
export interface VenueMemory {
  /** Those of the venue are the mode's, the others are defaults. */
  readonly settings: Settings;
  /** What the ids of its orders begin with. */
  readonly orderIdPrefix: string;
}

export interface RememberedRun {
  readonly settings: Pick<Settings, 'mode' | 'exchange'>;
  /** What is traded, and what is still held of other symbols. */
  readonly symbols: readonly string[];
  readonly orderIdPrefix: string;
}

const NAME = /^venue-([a-z]+)\.json$/;

/**
 * Notes beside the latch where a mode trades, before it does: `tradebot kill` finds the venue by it when the program
 * hangs, crashed or was started with a settings file elsewhere. No key is in it. What cannot be written keeps nobody from
 * trading: kill then takes the settings that it finds.
 */
export function rememberVenue(directory: string, run: RememberedRun, log: Logger): void {
  const { settings, symbols, orderIdPrefix } = run;
  const path = join(directory, `venue-${settings.mode}.json`);
  const document = { version: 1, orderIdPrefix, symbols, exchange: settings.exchange };
  try {
    writeWhole(path, `${JSON.stringify(document)}\n`, { isFlushed: false });
  } catch (error) {
    log.warn({ error }, `${path} cannot be written: \`tradebot kill\` may need --config`);
  }
}

/** What was noted of a mode; undefined: nothing, or nothing that can be used. */
export function rememberedVenue(directory: string, mode: Mode): VenueMemory | undefined {
  try {
    const text = readFileSync(join(directory, `venue-${mode}.json`), 'utf8');
    const { orderIdPrefix, symbols, exchange } = StoredSchema.parse(JSON.parse(text));
    return { settings: SettingsSchema.parse({ mode, symbols, exchange }), orderIdPrefix };
  } catch {
    // None, or of another version: whoever asks goes on with the settings.
    return undefined;
  }
}

/** The modes of which something was noted. */
export function rememberedModes(directory: string): readonly Mode[] {
  try {
    return readdirSync(directory).flatMap((name) => ModeSchema.safeParse(NAME.exec(name)?.[1]).data ?? []);
  } catch {
    // No directory remembers nothing.
    return [];
  }
}
