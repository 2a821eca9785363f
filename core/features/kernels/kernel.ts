/**
 * A running computation over one series. Every kernel takes one observation a bar through `push`, answers in
 * constant amortised time without allocating, and ignores NaN, which stands for "nothing observed": so kernels
 * chain, each starting when its input does. Its value is NaN until it has seen enough.
 */
export interface Kernel {
  /** The complete state, of a length fixed by the kernel's parameters. Restoring it continues bit for bit. */
  snapshot(): number[];
  /** Takes a state that a kernel with the same parameters gave. Throws RangeError for a state of another shape. */
  restore(state: readonly number[]): void;
}

/** The kernels of one indicator or group, saved and restored together in the order in which they were added. */
export class KernelSet implements Kernel {
  readonly #kernels: Kernel[] = [];

  add<K extends Kernel>(kernel: K): K {
    this.#kernels.push(kernel);
    return kernel;
  }

  snapshot(): number[] {
    return this.#kernels.flatMap((kernel) => {
      const state = kernel.snapshot();
      return [state.length, ...state];
    });
  }

  restore(state: readonly number[]): void {
    let at = 0;
    for (const kernel of this.#kernels) {
      const length = state[at];
      if (length === undefined) throw new RangeError('the state ends before the last kernel');
      kernel.restore(state.slice(at + 1, at + 1 + length));
      at += 1 + length;
    }
    if (at !== state.length) throw new RangeError('the state has more kernels than there are');
  }
}

/** Splits a kernel's state into its leading scalars and the contents of its arrays, which are filled in place. */
export function restoreCells(
  state: readonly number[],
  scalars: number,
  ...cells: (Float64Array | Int32Array)[]
): void {
  const expected = cells.reduce((total, cell) => total + cell.length, scalars);
  if (state.length !== expected) {
    throw new RangeError(`a kernel state has ${state.length} numbers where ${expected} belong`);
  }
  let at = scalars;
  for (const cell of cells) {
    cell.set(state.slice(at, at + cell.length));
    at += cell.length;
  }
}
