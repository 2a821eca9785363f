import { aheadWords } from '../../../core/contract/index.ts';
import { percent } from '../../format/index.ts';
import { Badge } from '../../parts/index.ts';
import { useDecisions } from '../../stores/index.ts';
import { standingWords } from '../outlook-lines.ts';

/** How much a symbol is foretold to move in the next day, as the newest decision on it was told. */
export function AheadBadge({ symbol }: { readonly symbol: string }) {
  const outlook = useDecisions(({ content }) => content?.findLast((each) => each.symbol === symbol)?.outlook);
  if (outlook === undefined) return null;
  const storm = outlook.ahead === 'storm';
  return (
    <span data-testid="ahead">
      <Badge
        tone={storm ? 'warning' : 'plain'}
        {...(storm ? { icon: 'warning' as const } : {})}
        title={standingWords(outlook)}
      >
        {outlook.ahead === null ? 'next 24 h' : aheadWords(outlook)}: {percent(outlook.day.sigma * 100, 1)}
      </Badge>
    </span>
  );
}
