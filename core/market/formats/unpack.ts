import { gunzipSync } from 'node:zlib';
import { DataError } from '../data-error.ts';
import { readOnlyZipEntry } from './zip-entry.ts';

/** More than ten years of one-minute bars; a larger one is no candle file but an accident or an attack. */
const MAX_UNPACKED_BYTES = 1 << 30;

/**
 * The content of a file that may be packed with gzip or zip, recognised by its first bytes.
 *
 * @throws DataError `damaged`, `too-large`, or `unknown-format` for an archive that is not one candle file.
 */
export function unpack(bytes: Buffer, file: string): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isGzip) return gunzip(bytes, file);
  if (isZip) return readOnlyZipEntry(bytes, file, MAX_UNPACKED_BYTES);
  const extension = /\.(gz|zip)$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === undefined) return bytes;
  throw new DataError(
    'damaged',
    `${file}: it is named .${extension} but is not ${extension} data; download it again, or rename it`,
  );
}

function gunzip(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new DataError('too-large', `${file}: it unpacks to more than 1 GB; split it into smaller files`, {
        cause,
      });
    }
    throw new DataError('damaged', `${file}: the gzip data is cut short or damaged; download it again`, {
      cause,
    });
  }
}
