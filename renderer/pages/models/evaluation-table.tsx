import type { ClassificationFigures, ModelEvaluation } from '../../../core/contract/index.ts';
import { fixed } from '../../format/index.ts';
import { cellClass, Table } from '../../parts/index.ts';

const COLUMNS = [
  { title: 'Over' },
  { title: 'Samples', numeric: true },
  { title: 'Effective', numeric: true, wide: true },
  { title: 'Log-loss', numeric: true },
  { title: 'Prior', numeric: true },
  { title: 'AUC (95 %)', numeric: true },
  { title: 'Balanced', numeric: true, wide: true },
  { title: 'Brier', numeric: true, wide: true },
  { title: 'ECE', numeric: true },
  { title: 'Rank IC', numeric: true },
];

/** The figures over everything, by year and by symbol, each with its sample size. */
export function EvaluationTable({ evaluation }: { readonly evaluation: ModelEvaluation }) {
  const groups = [{ key: 'all', figures: evaluation.overall }, ...evaluation.byYear, ...evaluation.bySymbol];
  return (
    <Table label="Held-out figures" columns={COLUMNS} testId="evaluation">
      {groups.map(({ key, figures }) => (
        <tr key={key}>
          <td>{key}</td>
          {cellsOf(figures).map((text, index) => (
            <td key={COLUMNS[index + 1]?.title} className={cellClass(true, COLUMNS[index + 1]?.wide)}>
              {text}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function cellsOf(figures: ClassificationFigures): readonly string[] {
  const { auc, balancedAccuracy, rankIc } = figures;
  const known = (value: number | null): string => (value === null ? '–' : fixed(value, 3));
  return [
    fixed(figures.samples, 0),
    fixed(figures.effectiveSamples, 0),
    fixed(figures.logLoss, 4),
    fixed(figures.priorLogLoss, 4),
    auc === null ? '–' : `${fixed(auc.value, 3)} (${fixed(auc.low, 2)}–${fixed(auc.high, 2)})`,
    known(balancedAccuracy),
    fixed(figures.brier, 4),
    fixed(figures.ece, 4),
    known(rankIc),
  ];
}
