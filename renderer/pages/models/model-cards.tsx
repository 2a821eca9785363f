import type { ModelEvaluation, ModelSetView, ModelVerdict } from '../../../core/contract/index.ts';
import { fixed, wholePercents } from '../../format/index.ts';
import { Badge, type Tone } from '../../parts/index.ts';

const KIND_WORDS = {
  xgboost: 'XGBoost',
  lightgbm: 'LightGBM',
  lstm: 'LSTM',
  transformer: 'Transformer',
} as const;

const VERDICT_LOOKS: Readonly<
  Record<ModelVerdict, { readonly tone: Tone; readonly name: string; readonly meaning: string }>
> = {
  'edge-demonstrated': {
    tone: 'good',
    name: 'edge demonstrated',
    meaning: 'Better than the prior beyond chance, and after costs',
  },
  'no-edge-demonstrated': {
    tone: 'warning',
    name: 'no edge demonstrated',
    meaning: 'The figures do not prove that trading on it pays: its vote counts half',
  },
  'worse-than-prior': {
    tone: 'danger',
    name: 'worse than prior',
    meaning: 'Always answering with the class shares was better: its vote counts nothing',
  },
};

interface ModelCardsProps {
  readonly set: ModelSetView;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** One card a model and one for the ensemble; the chosen one is looked into below. */
export function ModelCards({ set, chosen, onChoose }: ModelCardsProps) {
  const percents = wholePercents(set.models.map(({ weight }) => weight));
  return (
    <section className="model-cards" aria-label="Models">
      <ModelCard
        id="ensemble"
        title="Ensemble"
        note={`pool of ${set.models.length} models`}
        evaluation={set.ensemble.evaluation}
        chosen={chosen === 'ensemble'}
        onChoose={onChoose}
      />
      {set.models.map((model, index) => (
        <ModelCard
          key={model.id}
          id={model.id}
          title={KIND_WORDS[model.kind]}
          note={`${percents[index]} % of the pool, ${fixed(model.bytes / 1e6, 1)} MB`}
          evaluation={model.evaluation}
          chosen={chosen === model.id}
          onChoose={onChoose}
        />
      ))}
    </section>
  );
}

interface ModelCardProps {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly evaluation: ModelEvaluation | null;
  readonly chosen: boolean;
  readonly onChoose: (id: string) => void;
}

function ModelCard({ id, title, note, evaluation, chosen, onChoose }: ModelCardProps) {
  return (
    <button
      type="button"
      className="model-card"
      aria-pressed={chosen}
      data-testid={`model-${id}`}
      onClick={() => onChoose(id)}
    >
      <span className="model-card-head">
        <strong>{title}</strong>
        <span className="quiet">{note}</span>
      </span>
      {evaluation === null ? <Badge>not examined</Badge> : <Verdict verdict={evaluation.verdict} />}
      {evaluation === null ? null : <Figures evaluation={evaluation} />}
    </button>
  );
}

function Verdict({ verdict }: { readonly verdict: ModelVerdict }) {
  const { tone, name, meaning } = VERDICT_LOOKS[verdict];
  return (
    <Badge tone={tone} title={meaning}>
      {name}
    </Badge>
  );
}

function Figures({ evaluation: { overall } }: { readonly evaluation: ModelEvaluation }) {
  const { auc, logLoss, priorLogLoss, ece } = overall;
  return (
    <span className="model-card-figures">
      <span>
        <span className="quiet">AUC </span>
        <span className="number">{auc === null ? '–' : fixed(auc.value, 3)}</span>
      </span>
      <span title="Log-loss below the prior's, in thousandths of a nat: above 0 is better than knowing nothing">
        <span className="quiet">vs prior </span>
        <span className="number">{fixed((priorLogLoss - logLoss) * 1000, 1)}</span>
      </span>
      <span>
        <span className="quiet">ECE </span>
        <span className="number">{fixed(ece, 3)}</span>
      </span>
    </span>
  );
}
