import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What is read of `models/manifest.json`: enough to say which set is installed and what it was made for. */
const ManifestSchema = z.object({
  setId: z.string().min(1),
  createdAt: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  featureSetHash: z.string().regex(/^[0-9a-f]{64}$/),
  models: z
    .array(
      z.object({
        id: z.string().min(1),
        kind: z.enum(['xgboost', 'lightgbm', 'lstm', 'transformer']),
        file: z.string().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
});
export type ModelManifest = z.infer<typeof ManifestSchema>;

export type ManifestReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'read'; readonly manifest: ModelManifest };

/** Reads the manifest of a models folder. Never throws: what is wrong comes back as a message. */
export function readManifest(folder: string): ManifestReading {
  const path = join(folder, 'manifest.json');
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'absent' };
    return { kind: 'broken', message: `the model manifest cannot be read: ${String(error)}` };
  }
  try {
    const parsed = ManifestSchema.safeParse(JSON.parse(content));
    if (parsed.success) return { kind: 'read', manifest: parsed.data };
    const [issue] = parsed.error.issues;
    return {
      kind: 'broken',
      message: `the model manifest is wrong at ${issue?.path.join('.')}: ${issue?.message}`,
    };
  } catch (error) {
    return { kind: 'broken', message: `the model manifest is not JSON: ${String(error)}` };
  }
}
