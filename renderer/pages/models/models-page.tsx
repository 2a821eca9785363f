import { useState } from 'react';
import type { ModelEvaluation, ModelSetView } from '../../../core/contract/index.ts';
import { Empty, Panel } from '../../parts/index.ts';
import { CalibrationCurve } from './calibration-curve.tsx';
import { DriftPanel } from './drift-panel.tsx';
import { EvaluationTable } from './evaluation-table.tsx';
import { ModelCards } from './model-cards.tsx';
import { PolicyFigures } from './policy-figures.tsx';
import { SetSummary } from './set-summary.tsx';
import { useModels } from './use-models.ts';
import { VolatilityPanel } from './volatility-panel.tsx';

/** What the models are, how they did on what they had not seen, and how they do now. */
export function ModelsPage() {
  const { view, failure, use } = useModels();
  const [chosen, setChosen] = useState('ensemble');
  if (view === null) {
    return failure === null ? (
      <Empty title="Asking for the models" />
    ) : (
      <Empty title="The models could not be asked for">{failure}</Empty>
    );
  }
  const { set } = view;
  if (set === null) {
    return (
      <div className="page models-page">
        <Empty title="No model votes">
          {view.message}. Trading goes on with the other voters; `tradebot ml verify` says more.
        </Empty>
        <VolatilityPanel view={view.volatility} />
      </div>
    );
  }
  const evaluation = evaluationOf(set, chosen);
  return (
    <div className="page models-page">
      <SetSummary view={view} set={set} onUse={use} />
      <ModelCards set={set} chosen={chosen} onChoose={setChosen} />
      <Panel title={`Held-out figures: ${chosen}`} className="evaluation-panel">
        {evaluation === null ? (
          <Empty title="Not examined yet">Run `tradebot ml evaluate` on candles it has not seen.</Empty>
        ) : (
          <>
            <PolicyFigures policy={evaluation.policy} />
            <EvaluationTable evaluation={evaluation} />
          </>
        )}
      </Panel>
      <Panel title="Calibration" className="calibration-panel">
        <CalibrationCurve held={evaluation?.calibrationCurve ?? []} live={view.live} />
      </Panel>
      <DriftPanel drift={view.drift} />
      <Importance set={set} chosen={chosen} />
      <VolatilityPanel view={view.volatility} />
    </div>
  );
}

function evaluationOf(set: ModelSetView, chosen: string): ModelEvaluation | null {
  if (chosen === 'ensemble') return set.ensemble.evaluation;
  return set.models.find(({ id }) => id === chosen)?.evaluation ?? null;
}

const SHOWN_FEATURES = 16;

/** What a model looks at most. The ensemble's is its members', by their weight. */
function Importance({ set, chosen }: { readonly set: ModelSetView; readonly chosen: string }) {
  const shares = importanceOf(set, chosen);
  const largest = shares[0]?.share ?? 1;
  return (
    <Panel title={`Feature importance: ${chosen}`} className="importance-panel">
      <ol className="importance">
        {shares.slice(0, SHOWN_FEATURES).map(({ name, share }) => (
          <li key={name}>
            <span className="code">{name}</span>
            <meter min={0} max={largest} value={share} aria-label={name} />
            <span className="number">{(share * 100).toFixed(1)} %</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function importanceOf(set: ModelSetView, chosen: string): { name: string; share: number }[] {
  const members = chosen === 'ensemble' ? set.models : set.models.filter(({ id }) => id === chosen);
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<string, number>();
  for (const { weight, importance } of members) {
    const part = members.length === 1 ? 1 : weight / (total === 0 ? 1 : total);
    for (const { name, share } of importance) shares.set(name, (shares.get(name) ?? 0) + part * share);
  }
  return [...shares].map(([name, share]) => ({ name, share })).sort((a, b) => b.share - a.share);
}
