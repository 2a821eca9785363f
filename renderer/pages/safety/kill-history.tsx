import { type KillActivation, ORIGIN_WORDS, type StopStep } from '../../../core/contract/index.ts';
import { dateTimeSeconds, MODE_WORDS, NOTHING, STAGE_WORDS } from '../../format/index.ts';
import { Badge, cellClass, Empty, Panel, Table, type Tone } from '../../parts/index.ts';
import { useStatus } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';

const REFRESH_MS = 2_000;
const COLUMNS = [
  { title: 'Pressed, real time UTC' },
  { title: 'By' },
  { title: 'Mode' },
  { title: 'Why' },
  { title: 'Latch', numeric: true },
  { title: 'Cancels sent', numeric: true, wide: true },
  { title: 'Closes sent', numeric: true, wide: true },
  { title: 'Flat', numeric: true },
  { title: 'Result' },
  { title: 'By symbol', wide: true },
];
const OUTCOMES: Readonly<Record<KillActivation['outcome'], { readonly word: string; readonly tone: Tone }>> =
  {
    latched: { word: 'closing', tone: 'warning' },
    flat: { word: 'flat, engaged', tone: 'warning' },
    failed: { word: 'not flat', tone: 'danger' },
    reset: { word: 'reset', tone: 'plain' },
  };

/** What the kill switch did each time. */
export function KillHistory() {
  const stage = useStatus(({ content }) => content?.killSwitch.stage);
  const { answer, failure } = useAnswer('killSwitch.history', {}, REFRESH_MS, stage);
  const activations = answer ?? [];
  return (
    <Panel
      title="Kill switch"
      count={answer?.length}
      className="safety-wide"
      aside={
        stage === undefined ? null : (
          <Badge tone={stage === 'armed' ? 'plain' : 'danger'}>{STAGE_WORDS[stage]}</Badge>
        )
      }
    >
      {activations.length === 0 ? (
        <Empty title={emptyTitle(answer !== null && stage === 'armed', failure)}>
          {failure ?? 'Each press is kept here: who, from where, why, and how long each step took.'}
        </Empty>
      ) : (
        <Table label="Kill switch history" columns={COLUMNS} testId="kill-history">
          {activations.map((activation) => (
            <ActivationRow key={activation.id} activation={activation} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function ActivationRow({ activation }: { readonly activation: KillActivation }) {
  const { at, by, from, reason, mode, outcome, durable, failures, symbols, outside, again } = activation;
  const { word, tone } = OUTCOMES[outcome];
  const presses = again.length === 0 ? '' : `, pressed ${again.length + 1} times`;
  return (
    <tr>
      <td className="number">{at === null ? 'not known' : dateTimeSeconds(at)}</td>
      <td>
        {by} {ORIGIN_WORDS[from]}
        {presses}
      </td>
      <td>{mode === null ? NOTHING : MODE_WORDS[mode].name}</td>
      <td title={reason}>{reason}</td>
      <StepCell activation={activation} step="latched" />
      <StepCell activation={activation} step="cancels-sent" wide />
      <StepCell activation={activation} step="closes-sent" wide />
      <StepCell activation={activation} step="flat" />
      <td title={failures.join('\n')}>
        <Badge tone={tone}>{word}</Badge>
        {durable ? null : <Badge tone="danger">not on disk</Badge>}
      </td>
      <td className={cellClass(false, true)} title={symbols.flatMap((symbol) => symbol.failures).join('\n')}>
        {[...symbols.map(symbolText), ...outside.map(outsideText)].join('; ')}
      </td>
    </tr>
  );
}

function emptyTitle(never: boolean, failure: string | null): string {
  if (failure !== null) return 'Its history could not be asked for';
  return never ? 'Never pressed' : 'Asking what it did';
}

interface StepCellProps {
  readonly activation: KillActivation;
  readonly step: StopStep;
  readonly wide?: boolean;
}

function StepCell({ activation, step, wide = false }: StepCellProps) {
  const reached = activation.steps.find((each) => each.step === step);
  return (
    <td className={cellClass(true, wide)}>{reached === undefined ? NOTHING : stepText(reached.afterMs)}</td>
  );
}

/** From the press: `0.8 ms`, `318 ms`, `4.2 s`. */
export function stepText(afterMs: number): string {
  if (afterMs < 10) return `${afterMs.toFixed(1)} ms`;
  return afterMs < 1_000 ? `${Math.round(afterMs)} ms` : `${(afterMs / 1_000).toFixed(1)} s`;
}

export function symbolText({
  symbol,
  cancels,
  closes,
  failures,
  left,
}: KillActivation['symbols'][number]): string {
  const result = failures.length > 0 ? 'not done' : (left ?? 'done');
  return `${symbol}: ${cancels} cancelled, ${closes} closed, ${result}`;
}

/** What `tradebot kill` closed in the program's place. */
export function outsideText({
  mode,
  venue,
  symbol,
  before,
  after,
}: KillActivation['outside'][number]): string {
  return `${symbol}: ${before} at ${venue}${mode === null ? '' : ` (${MODE_WORDS[mode].name})`}, from outside, ${after}`;
}
