import { statfs } from 'node:fs/promises';

/** Bytes that are free where a folder lies; null where that cannot be told. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Some network drives do not say.
    return null;
  }
}
