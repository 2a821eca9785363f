/** Vitest runs this first: the version check of every entry script, and what this machine cannot be asked. */
export async function setup(): Promise<void> {
  await import('../../scripts/check-node.mjs');
  const { leftOutLines } = await import('./left-out.ts');
  for (const line of leftOutLines()) process.stderr.write(`${line}\n`);
}
