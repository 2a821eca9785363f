/** What an expression of Prometheus asks for. */
export interface PromQuery {
  /** Names of series, those of a histogram with their ending. */
  readonly metrics: readonly string[];
  /** Labels by which series are chosen, and by which they are put together, with the metric they are of where that is said. */
  readonly labels: readonly { readonly metric: string | null; readonly label: string }[];
}

const TOKEN =
  /\s*(?:([a-zA-Z_:][\w:]*)|(\d+(?:\.\d+)?(?:e\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(==|!=|>=|<=|=~|!~|[-+*/%^<>=(){}[\],]))/y;
const DURATION = /\s*(?:\d+(?:ms|s|m|h|d|w|y))+\s*\]/y;
const FUNCTIONS: Readonly<Record<string, number>> = {
  rate: 1,
  increase: 1,
  changes: 1,
  histogram_quantile: 2,
  label_values: 2,
};
const AGGREGATIONS = new Set(['sum', 'max', 'min', 'avg', 'count']);
const OPERATORS = new Set([
  '==',
  '!=',
  '>=',
  '<=',
  '>',
  '<',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  'and',
  'or',
  'unless',
]);

/**
 * Reads the part of Prometheus' language that dashboard and rules use: selectors with labels and ranges, functions,
 * aggregations, arithmetic and comparison. @throws SyntaxError for anything else.
 */
export function readPromQl(text: string): PromQuery {
  const metrics: string[] = [];
  const labels: { metric: string | null; label: string }[] = [];
  let at = 0;
  let token = '';
  const fail = (what: string): never => {
    throw new SyntaxError(`${what} at ${at} of: ${text}`);
  };
  const next = (): void => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) {
      if (text.slice(at).trim() !== '') fail('not understood');
      token = '';
      return;
    }
    at = TOKEN.lastIndex;
    token = found[0].trim();
  };
  const take = (wanted: string): void => {
    if (token !== wanted) fail(`${wanted} expected, ${token || 'the end'} found`);
    next();
  };
  const isName = (): boolean => /^[a-zA-Z_:]/.test(token);
  const name = (): string => {
    if (!isName()) fail('a name expected');
    const found = token;
    next();
    return found;
  };
  const listOf = (item: () => void, closing: string): void => {
    while (token !== closing) {
      item();
      if (token !== closing) take(',');
    }
    next();
  };
  const selector = (metric: string): void => {
    metrics.push(metric);
    if (token === '{') {
      next();
      listOf(() => {
        labels.push({ metric, label: name() });
        if (!['=', '!=', '=~', '!~'].includes(token)) fail('a matcher expected');
        next();
        if (!/^["']/.test(token)) fail('a quoted value expected');
        next();
      }, '}');
    }
    if (token !== '[') return;
    DURATION.lastIndex = at;
    if (DURATION.exec(text) === null) fail('a duration expected');
    at = DURATION.lastIndex;
    next();
  };
  const unary = (): void => {
    if (token === '(') {
      next();
      expression();
      take(')');
    } else if (/^\d/.test(token)) next();
    else named();
  };
  const named = (): void => {
    const word = name();
    const by = AGGREGATIONS.has(word);
    if (by && token === 'by') {
      next();
      take('(');
      listOf(() => labels.push({ metric: null, label: name() }), ')');
    }
    if (!by && !Object.hasOwn(FUNCTIONS, word)) {
      selector(word);
      return;
    }
    take('(');
    let given = 0;
    listOf(() => {
      given += 1;
      if (word === 'label_values' && given === 2) labels.push({ metric: null, label: name() });
      else expression();
    }, ')');
    const wanted = by ? 1 : FUNCTIONS[word];
    if (given !== wanted) fail(`${word} takes ${wanted}, got ${given}`);
  };
  const expression = (): void => {
    unary();
    while (OPERATORS.has(token)) {
      next();
      unary();
    }
  };
  next();
  expression();
  if (token !== '') fail(`${token} not expected`);
  return { metrics, labels };
}
