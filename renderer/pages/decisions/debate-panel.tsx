import type { DecisionView, LlmCallView } from '../../../core/contract/index.ts';
import { dateTimeSeconds, duration, fixed } from '../../format/index.ts';
import { Badge, Empty } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';

/** Every call of a language model behind a decision, round by round: what each was told, said, took and cost. */
export function DebatePanel({ decision }: { readonly decision: DecisionView }) {
  const { answer: calls, failure } = useAnswer('decisions.calls', { id: decision.id });
  if (failure !== null) return <Empty title="The debate could not be read">{failure}</Empty>;
  if (calls === null) return <p className="soft">Reading the debate…</p>;
  if (calls.length === 0) return <p className="soft">No language model was asked.</p>;
  const rounds = [...new Set(calls.map(({ round }) => round))].sort((a, b) => a - b);
  return (
    <div className="debate" data-testid="debate">
      <DebateSum calls={calls} />
      {rounds.map((round) => (
        <section key={round} className="debate-round" aria-label={roundName(round)}>
          <h4>{roundName(round)}</h4>
          <div className="debate-sides">
            {calls
              .filter((call) => call.round === round)
              .map((call) => (
                <CallCard key={`${call.key} ${call.agent}`} call={call} />
              ))}
          </div>
        </section>
      ))}
    </div>
  );
}

function roundName(round: number): string {
  return round === 0 ? 'Opening' : `Rebuttal ${round}`;
}

function DebateSum({ calls }: { readonly calls: readonly LlmCallView[] }) {
  const total = (of: (call: LlmCallView) => number): number => calls.reduce((sum, call) => sum + of(call), 0);
  return (
    <dl className="facts debate-sum">
      <div>
        <dt>Calls</dt>
        <dd className="number">{calls.length}</dd>
      </div>
      <div>
        <dt>Tokens in</dt>
        <dd className="number">
          {fixed(
            total((call) => call.inputTokens),
            0,
          )}
        </dd>
      </div>
      <div>
        <dt>Tokens out</dt>
        <dd className="number">
          {fixed(
            total((call) => call.outputTokens),
            0,
          )}
        </dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd className="number">
          $
          {fixed(
            total((call) => call.costUsd),
            5,
          )}
        </dd>
      </div>
    </dl>
  );
}

function CallCard({ call }: { readonly call: LlmCallView }) {
  const answer = call.said;
  return (
    <article
      className="call"
      data-status={call.status}
      aria-label={`${call.agent}, ${roundName(call.round)}`}
    >
      <header className="vote-head">
        <strong>{call.agent === 'bull' ? 'Bull' : 'Bear'}</strong>
        <Badge title={call.endpoint}>{call.model}</Badge>
        {call.source === 'store' ? (
          <Badge title="Asked before: nothing was paid">from the store</Badge>
        ) : null}
        {call.contaminated === true ? (
          <Badge
            tone="warning"
            title={`The model has read texts until ${call.knowledgeCutoff ?? ''}: it may know what came`}
          >
            may have read the future
          </Badge>
        ) : null}
        <span className="vote-action">
          {answer === null ? <Badge tone="warning">{call.failure?.code ?? 'broken'}</Badge> : null}
          {answer === null ? null : (
            <strong className="number">{`${answer.action} ${fixed(answer.confidence, 2)}`}</strong>
          )}
        </span>
      </header>
      {answer === null ? (
        <p className="soft">{call.failure?.message ?? 'The answer could not be read.'}</p>
      ) : (
        <>
          <p>{answer.thesis}</p>
          <ul className="evidence">
            {answer.evidence.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
          <p className="vote-foot">
            <span className="quiet">Wrong if</span> {answer.invalidation}
          </p>
        </>
      )}
      <p className="call-figures number quiet">
        {call.inputTokens} in, {call.outputTokens} out, ${fixed(call.costUsd, 5)}, {duration(call.latencyMs)}
        {call.attempts > 1 ? `, ${call.attempts} attempts` : ''}
        {call.uncounted === undefined ? '' : `, ${call.uncounted} charged at the most it could cost`},{' '}
        {dateTimeSeconds(call.time)}
      </p>
      <details>
        <summary>What it was told</summary>
        <pre className="call-text">{call.system}</pre>
        <pre className="call-text">{call.user}</pre>
      </details>
    </article>
  );
}
