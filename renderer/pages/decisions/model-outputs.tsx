import type { ModelOutput } from '../../../core/contract/index.ts';
import { fixed, wholePercents } from '../../format/index.ts';

const CLASSES = ['down', 'flat', 'up'] as const;

/** What each model said, and how much of the pool it is. */
export function ModelOutputs({ outputs }: { readonly outputs: readonly ModelOutput[] }) {
  return (
    <ul className="model-outputs" aria-label="What each model said">
      {outputs.map((output) => (
        <ModelLine key={output.model} output={output} />
      ))}
    </ul>
  );
}

function ModelLine({ output }: { readonly output: ModelOutput }) {
  const percents = wholePercents(CLASSES.map((each) => output[each]));
  return (
    <li>
      <span>
        {output.model} <span className="quiet number">×{fixed(output.weight, 2)}</span>
      </span>
      <span className="number">
        {CLASSES.map((each, index) => (
          <span key={each} className={each} title={`${each}, in percent`}>
            {percents[index]}
          </span>
        ))}
      </span>
      <span className="class-bar">
        {CLASSES.map((each) => (
          <span key={each} className={`class-bar-${each}`} style={{ width: `${output[each] * 100}%` }} />
        ))}
      </span>
    </li>
  );
}
