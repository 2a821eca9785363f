import { diffLines } from 'diff';
import { useMemo, useState } from 'react';
import type { PromptName, PromptView } from '../../../core/contract/index.ts';
import { Badge, Panel } from '../../parts/index.ts';
import { PromptReplayPanel } from './prompt-replay.tsx';
import type { Prompts } from './use-prompts.ts';

const NAMES: Readonly<Record<PromptName, string>> = { bull: 'Bull', bear: 'Bear', rebuttal: 'Rebuttal' };

interface PromptEditorProps {
  readonly prompts: Prompts;
  readonly list: readonly PromptView[];
}

/** What Bull and Bear are told; an edit is compared with the program's own before it is kept. */
export function PromptEditor({ prompts, list }: PromptEditorProps) {
  const [name, setName] = useState<PromptName>('bull');
  const [drafts, setDrafts] = useState<Partial<Record<PromptName, string>>>({});
  const prompt = list.find((each) => each.name === name);
  if (prompt === undefined) return null;
  const draft = drafts[name] ?? prompt.source;
  const changed = draft !== prompt.source;
  const forget = (): void => setDrafts(({ [name]: _gone, ...others }) => others);
  const save = async (): Promise<void> => {
    if (await prompts.save(name, draft)) forget();
  };
  const reset = async (): Promise<void> => {
    if (await prompts.reset(name)) forget();
  };
  return (
    <>
      <Panel
        title="Prompts"
        className="prompt-panel"
        aside={
          <div className="prompt-tabs" role="tablist" aria-label="Prompts">
            {list.map((each) => (
              <button
                key={each.name}
                type="button"
                role="tab"
                className="prompt-tab"
                aria-selected={each.name === name}
                data-testid={`prompt-${each.name}`}
                onClick={() => setName(each.name)}
              >
                {NAMES[each.name]}
                {each.own ? ' (own)' : ''}
              </button>
            ))}
          </div>
        }
      >
        <textarea
          className="input prompt-text"
          aria-label={`Prompt of ${NAMES[name]}`}
          data-testid="prompt-text"
          spellCheck={false}
          maxLength={20_000}
          value={draft}
          onChange={({ target }) => setDrafts((others) => ({ ...others, [name]: target.value }))}
        />
        <div className="prompt-actions">
          <Badge tone={prompt.own ? 'accent' : 'plain'}>
            {prompt.own ? 'your own copy' : `shipped, version ${prompt.version}`}
          </Badge>
          <span className="prompt-space" />
          <button type="button" className="button button-small" disabled={!changed} onClick={forget}>
            Undo
          </button>
          <button
            type="button"
            className="button button-small"
            disabled={!prompt.own}
            data-testid="prompt-reset"
            onClick={() => void reset()}
          >
            Back to shipped
          </button>
          <button
            type="button"
            className="button button-small button-accent"
            disabled={!changed}
            data-testid="prompt-save"
            onClick={() => void save()}
          >
            Use from the next bar
          </button>
        </div>
      </Panel>
      <Difference before={prompt.shipped} after={draft} />
      {name === 'rebuttal' ? null : <PromptReplayPanel name={name} source={draft} />}
    </>
  );
}

/** Line by line against the program's own. */
function Difference({ before, after }: { readonly before: string; readonly after: string }) {
  const parts = useMemo(() => differencesOf(before, after), [before, after]);
  const same = parts.every(({ kind }) => kind === 'kept');
  return (
    <Panel title="Against the shipped prompt" className="difference-panel">
      {same ? (
        <p className="soft difference">No difference.</p>
      ) : (
        <pre className="difference" data-testid="prompt-difference">
          {parts.map(({ key, text, kind }) => (
            <span key={key} className={`difference-${kind}`}>
              {text}
            </span>
          ))}
        </pre>
      )}
    </Panel>
  );
}

interface Part {
  /** Where it begins in what is shown. */
  readonly key: number;
  readonly kind: 'added' | 'removed' | 'kept';
  readonly text: string;
}

const MARKS = { added: '+ ', removed: '− ', kept: '  ' } as const;

function differencesOf(before: string, after: string): readonly Part[] {
  let key = 0;
  return diffLines(before, after).map(({ value, added, removed }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'kept';
    const text = value.replace(/^(?=.|\n)/gm, MARKS[kind]);
    key += text.length;
    return { key, kind, text };
  });
}
