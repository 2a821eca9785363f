/**
 * The arguments as bash reads a pasted line: without a comment at its end. In cmd, and in zsh as it comes, `#` and what
 * follows are arguments like others.
 *
 * @param {readonly string[]} args
 */
export function withoutComment(args) {
  const from = args.indexOf('#');
  return from < 0 ? [...args] : args.slice(0, from);
}
