import { crc32, inflateRawSync } from 'node:zlib';
import { DataError } from '../data-error.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LOCAL_HEADER_LENGTH = 30;
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly method: number;
  readonly checksum: number;
  readonly packedLength: number;
  readonly localHeaderAt: number;
}

/**
 * The content of a zip archive that holds one file, as Binance publishes its candles. Checked against the
 * archive's CRC-32. Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. Folders are passed over;
 * zip64 and encryption are not read.
 *
 * @throws DataError `damaged` when bytes are missing or wrong, `unknown-format` when it holds no or several files.
 */
export function readOnlyZipEntry(bytes: Buffer, file: string, maxLength: number): Buffer {
  const entries = directoryOf(bytes, file);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) {
    throw new DataError(
      'unknown-format',
      `${file}: the archive holds ${entries.length} files; unpack it and give one candle file`,
    );
  }
  try {
    const nameLength = bytes.readUInt16LE(entry.localHeaderAt + 26);
    const extraLength = bytes.readUInt16LE(entry.localHeaderAt + 28);
    const start = entry.localHeaderAt + LOCAL_HEADER_LENGTH + nameLength + extraLength;
    const packed = bytes.subarray(start, start + entry.packedLength);
    const content = unpackedBy(entry.method, packed, file, maxLength);
    if (crc32(content) === entry.checksum) return content;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw damaged(file, cause);
  }
  throw damaged(file);
}

function unpackedBy(method: number, packed: Buffer, file: string, maxLength: number): Buffer {
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed, { maxOutputLength: maxLength });
  throw new DataError(
    'unknown-format',
    `${file}: the archive is packed in an unusual way (method ${method}); unpack it and give the candle file`,
  );
}

function directoryOf(bytes: Buffer, file: string): Entry[] {
  const end = endOfDirectory(bytes, file);
  const count = bytes.readUInt16LE(end + 10);
  const entries: Entry[] = [];
  try {
    let at = bytes.readUInt32LE(end + 16);
    for (let index = 0; index < count; index += 1) {
      if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw damaged(file);
      const nameLength = bytes.readUInt16LE(at + 28);
      const isFolder = bytes[at + ENTRY_LENGTH + nameLength - 1] === 0x2f;
      if (!isFolder) {
        entries.push({
          method: bytes.readUInt16LE(at + 10),
          checksum: bytes.readUInt32LE(at + 16),
          packedLength: bytes.readUInt32LE(at + 20),
          localHeaderAt: bytes.readUInt32LE(at + 42),
        });
      }
      at += ENTRY_LENGTH + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
  } catch (cause) {
    // Reading past the end of the bytes throws a RangeError.
    throw cause instanceof DataError ? cause : damaged(file, cause);
  }
  return entries;
}

function endOfDirectory(bytes: Buffer, file: string): number {
  const earliest = Math.max(0, bytes.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= earliest; at -= 1) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw damaged(file);
}

function damaged(file: string, cause?: unknown): DataError {
  return new DataError('damaged', `${file}: the zip archive is cut short or damaged; download it again`, {
    cause,
  });
}
