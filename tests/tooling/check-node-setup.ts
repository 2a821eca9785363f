/** Vitest runs this first: the version check of every entry script. */
export async function setup(): Promise<void> {
  await import('../../scripts/check-node.mjs');
}
