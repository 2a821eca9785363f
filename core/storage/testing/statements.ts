/** The statements of a script, one after the other; those of a trigger belong together. */
export function statementsOf(sql: string): readonly string[] {
  const statements: string[] = [];
  let statement = '';
  for (const line of sql.split('\n')) {
    const code = line.replace(/--.*$/, '');
    statement += `${code}\n`;
    if (!code.trimEnd().endsWith(';')) continue;
    const words = statement.toUpperCase().match(/\b(BEGIN|CASE|END)\b/g) ?? [];
    const open =
      words.filter((word) => word !== 'END').length - words.filter((word) => word === 'END').length;
    if (open > 0) continue;
    statements.push(statement);
    statement = '';
  }
  return statement.trim() === '' ? statements : [...statements, statement];
}
