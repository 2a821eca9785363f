import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';

/** Where a command writes: results on stdout, everything else on stderr. */
export interface Terminal {
  /** One line of result. */
  print(line: string): void;
  /** One line about what goes on. */
  note(line: string): void;
  /** A progress bar on a terminal; elsewhere nothing, or a line now and then for work that takes its time. */
  progress(label: string, elsewhere?: 'nothing' | 'lines'): Progress;
}

export interface Progress {
  update(done: number, total: number): void;
  end(): void;
}

/** How systems say that nobody reads any more: of a pipe, of a terminal that was closed, of a Windows console. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'EOF']);

export function createTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  // Whoever reads along may have seen enough and gone, as `head` does, or have closed the terminal: what runs goes on, or
  // ends cleanly, without being heard.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!GONE.has(error.code ?? '')) throw error;
    });
  }
  const note = (line: string): void => void stderr.write(`${line}\n`);
  return {
    print: (line) => void stdout.write(`${line}\n`),
    note,
    progress: (label, elsewhere = 'nothing') => {
      if (stderr.isTTY) return progressBar(label, stderr);
      return elsewhere === 'lines' ? progressLines(label, note) : NO_PROGRESS;
    },
  };
}

const NO_PROGRESS: Progress = { update: () => undefined, end: () => undefined };

/** A line for each tenth of the way. */
function progressLines(label: string, note: (line: string) => void): Progress {
  let toldTenth = 0;
  return {
    update(done, total) {
      const tenth = total === 0 ? 0 : Math.floor((10 * done) / total);
      if (tenth > toldTenth) note(`${label}: ${done} of ${total} bars`);
      toldTenth = tenth;
    },
    end: () => undefined,
  };
}

function progressBar(label: string, stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {percentage} % | {value}/{total} bars | {eta_formatted} left`,
    stream,
    hideCursor: true,
    clearOnComplete: true,
  });
  let started = false;
  return {
    update(done, total) {
      if (!started) bar.start(total, done);
      started = true;
      bar.update(done);
    },
    end() {
      if (started) bar.stop();
    },
  };
}

const NOTHING = '–';
/** A number, with a unit or a second number where it has one: `-3.5 %`, `12 / 40 bps`, `3 of 10`, `+0.6 to +3.4 %`. */
const NUMBERS = /^[-+−–~<>≤≥(]*\d[\d.,:]*\)?( ?(%|\/|of|to|±|x|[A-Za-z]{1,4}|[-+−–(]*\d[\d.,]*\)?))*$/;

/** A plain table: one row an array, text left, columns of numbers right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isOfNumbers = (column: number): boolean => {
    const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '' && cell !== NOTHING);
    return column > 0 && cells.length > 0 && cells.every((cell) => NUMBERS.test(cell));
  };
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (isOfNumbers(column) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}
