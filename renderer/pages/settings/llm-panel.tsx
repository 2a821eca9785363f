import { useState } from 'react';
import {
  estimateLlm,
  knownPrice,
  LLM_PROVIDERS,
  type LlmProvider,
  providerNeeds,
  providerOf,
  providerSettings,
  type Settings,
} from '../../../core/contract/index.ts';
import { fixed } from '../../format/index.ts';
import { Panel } from '../../parts/index.ts';

/** Who can serve Bull and Bear, what each needs, and what it would cost, before it is switched on. */
export function LlmPanel({ settings }: { readonly settings: Settings }) {
  const { llm } = settings;
  const now = providerOf(llm.baseUrl);
  const [id, setId] = useState(() => (llm.enabled && now !== undefined ? now.id : 'ollama'));
  const provider = LLM_PROVIDERS.find((one) => one.id === id);
  const [typed, setTyped] = useState(() => (llm.enabled ? (llm.model ?? '') : ''));
  if (provider === undefined) return null;
  const model = typed === '' ? (provider.prices[0]?.model ?? 'MODEL') : typed;
  return (
    <Panel
      title="Language models"
      className="llm-panel"
      aside={
        <span className="quiet">
          {llm.enabled ? `Now: ${llm.model ?? 'no model'} at ${now?.name ?? llm.baseUrl}` : 'Now: off'}
        </span>
      }
    >
      <div className="llm-choice">
        <label className="field">
          Who serves them
          <select
            className="input"
            data-testid="llm-provider"
            value={id}
            onChange={(event) => {
              setId(event.target.value);
              setTyped('');
            }}
          >
            {LLM_PROVIDERS.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
                {one.local ? ' (on this machine)' : ''}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          Model
          <input
            className="input"
            data-testid="llm-model"
            spellCheck={false}
            autoComplete="off"
            value={typed}
            placeholder={model}
            onChange={(event) => setTyped(event.target.value.trim())}
          />
        </label>
      </div>
      <dl className="llm-needs" data-testid="llm-needs">
        {providerNeeds(provider).map(([name, words]) => (
          <div key={name} className="setting">
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <Estimate settings={settings} provider={provider} model={model} />
      <p className="quiet setting-note">
        To switch it on, put this into the settings file, {provider.local ? '' : <KeyCommand />}and start
        again. <code className="code">tradebot doctor</code> then says whether it answers.
      </p>
      <pre className="call-text" data-testid="llm-settings">
        {providerSettings(provider, model)}
      </pre>
    </Panel>
  );
}

function KeyCommand() {
  return (
    <>
      keep the key with <code className="code">tradebot keys set llm.apiKey</code>,{' '}
    </>
  );
}

interface EstimateProps {
  readonly settings: Settings;
  readonly provider: LlmProvider;
  readonly model: string;
}

function Estimate({ settings, provider, model }: EstimateProps) {
  const own = settings.llm.prices[model];
  const price = own ?? knownPrice(provider, model) ?? (provider.local ? FREE : null);
  const estimate = estimateLlm(settings, price);
  const { perDecisionUsd, perMonthUsd, callsPerDecision, decisionsPerMonth, budgetPerMonthUsd } = estimate;
  const debates = `${decisionsPerMonth} decisions a month with these settings, ${callsPerDecision} calls each`;
  return (
    <p className="setting-note" data-testid="llm-estimate">
      {perDecisionUsd === null || perMonthUsd === null
        ? `Cost unknown: no price of ${model} is known. ${debates}.`
        : `About $${fixed(perDecisionUsd, 4)} a decision, $${fixed(perMonthUsd, 2)} a month at most: ${debates}, 3,000 tokens in and 600 out supposed.`}{' '}
      The budget of ${fixed(settings.llm.dailyBudgetUsd, 2)} a day lets through ${fixed(budgetPerMonthUsd, 0)}{' '}
      a month.
    </p>
  );
}

const FREE = { inputPerMTok: 0, outputPerMTok: 0 };
