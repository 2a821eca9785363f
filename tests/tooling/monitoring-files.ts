import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { readPromQl } from './promql.ts';

export const MONITORING_FOLDER = join(import.meta.dirname, '../../resources/monitoring');
/** What Prometheus adds by itself. */
const OF_PROMETHEUS = new Set(['up']);
const LABELS_OF_PROMETHEUS = new Set(['job', 'instance']);

const TargetsSchema = z.array(z.object({ expr: z.string() }));
const DashboardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: TargetsSchema.min(1) })).min(1),
  templating: z.object({ list: z.array(z.object({ type: z.string(), query: z.string() })) }),
  annotations: z.object({ list: TargetsSchema }),
});
const RulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z
        .array(
          z.strictObject({
            alert: z.string(),
            expr: z.string(),
            for: z
              .string()
              .regex(/^\d+[smh]$/)
              .optional(),
            labels: z.strictObject({ severity: z.enum(['info', 'warning', 'critical']) }),
            annotations: z.strictObject({ summary: z.string(), description: z.string().optional() }),
          }),
        )
        .min(1),
    }),
  ),
});

/** Every expression of dashboard and alert rules, by where it stands. */
export function monitoringExpressions(): ReadonlyMap<string, string> {
  const read = (name: string): string => readFileSync(join(MONITORING_FOLDER, name), 'utf8');
  const { panels, templating, annotations } = DashboardSchema.parse(
    JSON.parse(read('grafana-dashboard.json')),
  );
  const { groups } = RulesSchema.parse(load(read('alert-rules.yml')));
  const queries = templating.list.filter(({ type }) => type === 'query');
  return new Map([
    ...panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }, index) => [`panel ${title} ${index}`, expr] as const),
    ),
    ...queries.map(({ query }) => [`choice ${query}`, query] as const),
    ...annotations.list.map(({ expr }, index) => [`annotation ${index}`, expr] as const),
    ...groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [`rule ${alert}`, expr] as const)),
  ]);
}

/** What expressions ask for that an answer of `/metrics` does not have, a line each. */
export function unknownTo(answer: string, expressions: ReadonlyMap<string, string>): string[] {
  const series = seriesOf(answer);
  return [...expressions].flatMap(([where, expression]) => {
    const { metrics, labels } = readPromQl(expression);
    const named = metrics.filter((metric) => !OF_PROMETHEUS.has(metric) && !series.has(metric));
    const anywhere = new Set(metrics.flatMap((metric) => [...(series.get(metric) ?? [])]));
    const foreign = labels.filter(
      ({ metric, label }) =>
        !LABELS_OF_PROMETHEUS.has(label) &&
        !(metric === null ? anywhere : (series.get(metric) ?? anywhere)).has(label),
    );
    return [
      ...named.map((metric) => `${where}: no metric ${metric}`),
      ...foreign.map(({ label }) => `${where}: no label ${label}`),
    ];
  });
}

/** The labels of each series. */
function seriesOf(answer: string): ReadonlyMap<string, ReadonlySet<string>> {
  const series = new Map<string, Set<string>>();
  for (const line of answer.split('\n')) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line);
    const [, name, labels = ''] = found ?? [];
    if (name === undefined) continue;
    const known = series.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/([a-zA-Z_]\w*)="/g)) known.add(label);
    series.set(name, known);
  }
  return series;
}
