import type { GuardianView } from '../../../core/contract/index.ts';
import { dateTimeSeconds } from '../../format/index.ts';
import { Badge, Panel } from '../../parts/index.ts';
import { useHeard } from '../../program/freshness.ts';

interface GuardianWords {
  readonly badge: string;
  readonly tone: 'plain' | 'warning' | 'danger';
  readonly line: string;
}

const STATES: Readonly<Record<GuardianView['state'], GuardianWords>> = {
  starting: { badge: 'starting', tone: 'warning', line: 'It is being started.' },
  watching: {
    badge: 'watching',
    tone: 'plain',
    line: 'A process of its own: should this program say nothing for 15 s, it closes what is open.',
  },
  missing: { badge: 'missing', tone: 'danger', line: 'It has ended, and comes back in a moment.' },
  failed: {
    badge: 'none',
    tone: 'danger',
    line: 'It ends again and again: should this program hang, nobody closes. Start the program again.',
  },
};

const UNHEARD: GuardianWords = {
  badge: 'not known',
  tone: 'warning',
  line: 'The program is not heard: whether anybody watches is not known.',
};

/** @param guardian null where nothing real is traded. */
export function guardianWords(guardian: GuardianView | null): GuardianWords {
  if (guardian === null)
    return {
      badge: 'not needed',
      tone: 'plain',
      line: 'Nothing real is open: no process of its own watches.',
    };
  const { state, restarts } = guardian;
  const words = STATES[state];
  if (restarts === 0) return words;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return { ...words, line: `${words.line} Started again ${times}.` };
}

/** Whether somebody closes what is open should the program hang; null where nothing real is traded. */
export function GuardianLine({ guardian }: { readonly guardian: GuardianView | null | undefined }) {
  const heardOf = useHeard();
  if (guardian === undefined) return null;
  const { badge, tone, line } = heardOf ? guardianWords(guardian) : UNHEARD;
  const heard = guardian?.lastBeat == null ? '' : ` Last heard ${dateTimeSeconds(guardian.lastBeat)} UTC.`;
  return (
    <Panel
      title="Guardian"
      aside={
        <Badge tone={tone} icon={tone === 'plain' ? 'check' : 'shield'}>
          {badge}
        </Badge>
      }
    >
      <p className="safety-note">
        {line}
        {heard}
      </p>
    </Panel>
  );
}
