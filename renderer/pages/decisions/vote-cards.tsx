import type { VoteView } from '../../../core/contract/index.ts';
import { fixed, percent, SOURCE_WORDS, words } from '../../format/index.ts';
import { ActionBadge, Badge } from '../../parts/index.ts';
import { ModelOutputs } from './model-outputs.tsx';
import { voteCards } from './voices.ts';

/** Who said what, and who said nothing and why. Rules are called rules, never a language model. */
export function VoteCards({ votes }: { readonly votes: readonly VoteView[] }) {
  if (votes.length === 0) return <p className="soft">There are no votes.</p>;
  return (
    <div className="votes">
      {voteCards(votes).map(({ name, vote }) => (
        <section key={vote.voter} className="vote" data-kind={vote.kind} aria-label={name}>
          <header className="vote-head">
            <strong>{name}</strong>
            <Badge title={SOURCE_WORDS[vote.source].meaning}>{SOURCE_WORDS[vote.source].name}</Badge>
            <span className="vote-action">
              {vote.kind === 'vote' ? <ActionBadge action={vote.action} /> : <Badge>Abstained</Badge>}
            </span>
          </header>
          {vote.kind === 'vote' ? <Opinion vote={vote} /> : <Abstention vote={vote} />}
        </section>
      ))}
    </div>
  );
}

function Opinion({ vote }: { readonly vote: Extract<VoteView, { kind: 'vote' }> }) {
  const {
    confidence,
    weight,
    thesis,
    evidence,
    struck = [],
    invalidation,
    horizonBars,
    reliability,
    models,
    parts,
  } = vote;
  return (
    <>
      <div className="confidence">
        <meter min={0} max={1} value={confidence} aria-label="Confidence" />
        <span className="number">{percent(confidence * 100, 0)}</span>
        <span className="quiet">weight</span>
        <span className="number">{fixed(weight, 3)}</span>
        {parts !== undefined || reliability === undefined || reliability === 1 ? null : (
          <span
            className="quiet"
            title="No edge has been demonstrated on held-out data: its weight is shrunk before the others’ are added"
          >
            shrunk to {percent(reliability * 100, 0)}
          </span>
        )}
      </div>
      {parts === undefined ? null : (
        <p className="vote-foot" data-testid="weight-parts">
          <span className="number">
            {fixed(weight, 3)} = {fixed(parts.regime, 3)} × {fixed(parts.earned, 3)}
            {parts.reliability === 1 ? '' : ` × ${fixed(parts.reliability, 3)}`}
          </span>{' '}
          <span className="quiet">
            the market’s × earned{parts.reliability === 1 ? '' : ' × verdict'}: {parts.why}
          </span>
        </p>
      )}
      <p>{thesis}</p>
      {models === undefined ? null : <ModelOutputs outputs={models} />}
      {evidence.length === 0 || models !== undefined ? null : (
        <ul className="evidence">
          {evidence.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )}
      {struck.length === 0 ? null : (
        <ul className="evidence" data-testid="struck">
          {struck.map(({ text, why }) => (
            <li key={text}>
              <s>{text}</s> <span className="quiet">struck out: {why}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="vote-foot">
        <span className="quiet">Wrong if</span> {invalidation}
      </p>
      <p className="vote-foot">
        <span className="quiet">Horizon</span> <span className="number">{horizonBars}</span> bars
      </p>
    </>
  );
}

function Abstention({ vote }: { readonly vote: Extract<VoteView, { kind: 'abstention' }> }) {
  return (
    <>
      <p className="soft">{vote.message}</p>
      <p className="vote-foot quiet">{words(vote.code)}</p>
    </>
  );
}
