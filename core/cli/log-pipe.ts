import type { Writable } from 'node:stream';

/** Characters that may wait to be read: a few thousand lines. */
const MOST_WAITING = 1_000_000;

/**
 * Prints lines without ever waiting for whoever reads them: a reader that stands still must not stand in the way of a
 * stop. What does not fit is left out here (the files have it), and how much is told once there is room again.
 */
export function boundedLines(stream: Writable, mostWaiting = MOST_WAITING): { write(line: string): void } {
  // Of a pipe on Linux and macOS Node would wait until it is read.
  const { _handle: handle } = stream as { _handle?: { setBlocking?: (blocking: boolean) => unknown } };
  handle?.setBlocking?.(false);
  let left = 0;
  return {
    write(line) {
      if (stream.writableLength > mostWaiting) {
        left += 1;
        return;
      }
      if (left > 0) stream.write(leftOut(left));
      left = 0;
      stream.write(line);
    },
  };
}

function leftOut(lines: number): string {
  const message = `nobody has read this for a while: ${lines} lines were left out here, and are in the log files`;
  return `${JSON.stringify({ level: 'warn', timestamp: new Date().toISOString(), logger: 'log', message })}\n`;
}
