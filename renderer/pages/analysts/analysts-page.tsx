import { useState } from 'react';
import type { LlmTestView } from '../../../core/contract/index.ts';
import { fixed } from '../../format/index.ts';
import { Badge, Empty, Icon, Panel } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useStatus } from '../../stores/index.ts';
import { Costs } from './costs.tsx';
import { PromptEditor } from './prompt-editor.tsx';
import { Records } from './records.tsx';
import { usePrompts } from './use-prompts.ts';

/** Who speaks for Bull and Bear, what they are told, and what they cost. */
export function AnalystsPage() {
  const prompts = usePrompts();
  return (
    <div className="page analysts-page">
      <Speakers />
      {prompts.failure === null ? null : (
        <Empty title="The prompts could not be read">{prompts.failure}</Empty>
      )}
      {prompts.list === null ? null : <PromptEditor prompts={prompts} list={prompts.list} />}
    </div>
  );
}

function Speakers() {
  const analysts = useStatus(({ content }) => content?.analysts);
  const llm = useStatus(({ content }) => content?.llm ?? null);
  return (
    <Panel title="Who speaks" className="speakers" aside={llm === null ? null : <ConnectionTest />}>
      {analysts === 'llm' && llm !== null ? (
        <div className="speakers-body">
          <p>
            Language models speak for Bull and Bear.{' '}
            {llm.standIn === null ? (
              <Badge tone="good" icon="check">
                answering
              </Badge>
            ) : (
              <Badge tone="warning" icon="warning">
                {llm.standIn}
              </Badge>
            )}
          </p>
          <label className="budget">
            <span className="quiet">Spent today (UTC)</span>
            <meter min={0} max={Math.max(llm.dailyBudgetUsd, 0.01)} value={llm.spentTodayUsd} />
            <span className="number" data-testid="llm-spent">
              ${fixed(llm.spentTodayUsd, 4)} of ${fixed(llm.dailyBudgetUsd, 2)}
            </span>
          </label>
          <Costs />
          <Records />
        </div>
      ) : (
        <p className="speakers-body soft">
          <Icon name="info" />{' '}
          {analysts === 'off'
            ? 'Nobody speaks for Bull and Bear: the strategy listens to the models only.'
            : 'Fixed rules speak for Bull and Bear; no language model is asked, nothing is spent.'}{' '}
          Any OpenAI-compatible server can take their place: set <code className="code">llm.enabled</code>,{' '}
          <code className="code">llm.baseUrl</code> and <code className="code">llm.model</code>, and keep its
          key with <code className="code">tradebot keys set llm.apiKey</code>.
        </p>
      )}
    </Panel>
  );
}

/** One tiny call to each model: finds a wrong address, key or model name. */
function ConnectionTest() {
  const host = useHost();
  const [results, setResults] = useState<readonly LlmTestView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const test = async (): Promise<void> => {
    setAsking(true);
    try {
      setResults(await host.call('llm.test', {}));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className="connection-test">
      {failure === null ? null : <span className="fault">{failure}</span>}
      {results?.map(({ agent, ok, line }) => (
        <Badge key={agent} tone={ok ? 'good' : 'danger'} icon={ok ? 'check' : 'warning'}>
          {line}
        </Badge>
      ))}
      <button
        type="button"
        className="button button-small"
        data-testid="llm-test"
        disabled={asking}
        onClick={() => void test()}
      >
        {asking ? 'Asking…' : 'Test connection'}
      </button>
    </div>
  );
}
