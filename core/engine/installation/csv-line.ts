/** The fields of a line, quoted ones without their quotes (RFC 4180, without line ends within); null: a quote stays open. */
export function csvLine(line: string): readonly string[] | null {
  const fields: string[] = [];
  let [field, quoted] = ['', false];
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (quoted && character === '"' && line[index + 1] === '"') {
      field += '"';
      index += 1;
    } else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return quoted ? null : [...fields, field];
}
