import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { MONITORING_FOLDER, monitoringExpressions, unknownTo } from './monitoring-files.ts';
import { readPromQl } from './promql.ts';

test('names and labels of an expression are read', () => {
  const { metrics, labels } = readPromQl(
    'histogram_quantile(0.9, sum by (le) (rate(a_bucket{job="x"}[5m]))) > b * 2',
  );
  expect(metrics).toEqual(['a_bucket', 'b']);
  expect(labels).toEqual([
    { metric: null, label: 'le' },
    { metric: 'a_bucket', label: 'job' },
  ]);
});

test.each([
  'rate(a[5m]',
  'rate(a[soon])',
  'a >',
  'a b',
  'a{x=1}',
  'a{x}',
  'sum by (a',
  'histogram_quantile(a)',
  'a $ b',
  '',
])('%j is no expression', (text) => {
  expect(() => readPromQl(text)).toThrow(SyntaxError);
});

test('a metric or a label that is not told is found', () => {
  const told = '# TYPE a counter\na{x="1"} 2\nb 3';
  const of = (expression: string) => unknownTo(told, new Map([['here', expression]]));
  expect(of('sum by (x) (a) / b')).toEqual([]);
  expect(of('a / c')).toEqual(['here: no metric c']);
  expect(of('sum by (y) (a)')).toEqual(['here: no label y']);
  expect(of('b{x="1"}')).toEqual(['here: no label x']);
});

test('every expression of dashboard and rules can be read, and no rule is named twice', () => {
  const expressions = monitoringExpressions();
  for (const expression of expressions.values()) expect(() => readPromQl(expression)).not.toThrow();
  expect(expressions.size).toBeGreaterThan(30);
  const rules = readFileSync(join(MONITORING_FOLDER, 'alert-rules.yml'), 'utf8').match(/- alert: \w+/g) ?? [];
  expect(new Set(rules).size).toBe(rules.length);
});

test('the settings for Prometheus load the rules and ask with a token that is in no file of the project', () => {
  expect(load(readFileSync(join(MONITORING_FOLDER, 'prometheus.yml'), 'utf8'))).toMatchObject({
    rule_files: ['alert-rules.yml'],
    scrape_configs: [{ job_name: 'tradebot', metrics_path: '/metrics', authorization: { type: 'Bearer' } }],
  });
});
