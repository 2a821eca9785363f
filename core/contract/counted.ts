/** A number of things in words: `1 trade`, `2 trades`, `0 entries`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}
