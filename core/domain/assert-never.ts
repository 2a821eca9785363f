/** Closes a switch over a union: the compiler rejects a missing case, the run time an impossible one. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
