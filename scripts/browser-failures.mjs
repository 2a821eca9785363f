/** Playwright colours its messages. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with.
const COLOUR = /\u001b\[[0-9;]*m/g;
const LINES = 15;

/**
 * What made a run of the browser tests fail, from Playwright's JSON report: each failed or flaky test and each error
 * outside of one; its first line says what and where, the others what was thrown.
 *
 * @param {import('playwright/test/reporter').JSONReport} report
 * @returns {string[]}
 */
export function browserFailures({ suites, errors }) {
  const outside = errors.map((error) => failure(`${placeOf(error)}outside of a test`, [error]));
  return [...outside, ...suites.flatMap((suite) => failuresIn(suite, []))];
}

/**
 * @param {import('playwright/test/reporter').JSONReportSuite} suite
 * @param {readonly string[]} above the names of the groups it is in
 * @returns {string[]}
 */
function failuresIn({ title, file, specs, suites = [] }, above) {
  // The outermost group of a file is named after it.
  const names = title === file ? above : [...above, title];
  const own = specs.flatMap((spec) => {
    const failed = spec.tests.filter(({ status }) => status === 'unexpected' || status === 'flaky');
    return failed.map(({ results }) => {
      const what = [...names, spec.title].join(' > ');
      return failure(
        `${spec.file}:${spec.line}: ${what}`,
        results.flatMap((result) => result.errors),
      );
    });
  });
  return [...own, ...suites.flatMap((inner) => failuresIn(inner, names))];
}

/** @param {{ location?: { file: string, line: number } | undefined }} error */
function placeOf({ location }) {
  return location === undefined ? '' : `${location.file}:${location.line}: `;
}

/**
 * @param {string} title
 * @param {readonly { message?: string | undefined }[]} errors
 */
function failure(title, errors) {
  const said = errors.flatMap(({ message = '' }) =>
    message.replaceAll(COLOUR, '').split('\n').slice(0, LINES),
  );
  return [title, ...said.filter((line) => line.trim() !== '').map((line) => `  ${line}`)].join('\n');
}
