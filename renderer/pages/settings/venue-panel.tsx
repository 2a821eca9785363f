import { useState } from 'react';
import {
  type Settings,
  TIMEFRAMES,
  type Timeframe,
  type VenueCheck,
  type VenueView,
} from '../../../core/contract/index.ts';
import { MODE_WORDS } from '../../format/index.ts';
import { Empty, Icon, Panel } from '../../parts/index.ts';
import { useStatus } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';
import {
  capitalNote,
  formFaults,
  formOf,
  modelsNote,
  ordersWords,
  symbolsFor,
  type VenueForm,
} from './venue-form.ts';
import { VenueKeys } from './venue-keys.tsx';
import { VenueList } from './venue-list.tsx';
import { VenueStart } from './venue-start.tsx';

/** Where to trade: a venue, what there, with which keys; checked, then started. */
export function VenuePanel({ settings }: { readonly settings: Settings }) {
  const { answer: venues, failure } = useAnswer('venues.list', {});
  const mode = useStatus(({ content }) => content?.mode);
  const exchange = useStatus(({ content }) => content?.exchange);
  const [form, setForm] = useState<VenueForm>(() => formOf(settings));
  const [check, setCheck] = useState<VenueCheck | null>(null);
  const change = (changes: Partial<VenueForm>): void => {
    setForm({ ...form, ...changes });
    // It was of another choice.
    setCheck(null);
  };
  const venue = venues?.find(({ id }) => id === form.exchange);
  const choose = (chosen: VenueView): void =>
    change({
      exchange: chosen.id,
      symbols: symbolsFor(form.symbols, chosen),
      mode: chosen.isTraded ? form.mode : 'paper',
      // They are another venue's.
      rest: '',
      ws: '',
    });
  const now =
    mode === undefined || exchange === undefined ? null : `Now: ${MODE_WORDS[mode].name}, ${exchange}`;
  return (
    <Panel title="Where to trade" className="venue-panel" aside={<span className="quiet">{now}</span>}>
      {failure === null ? null : <Empty title="The venues could not be listed">{failure}</Empty>}
      {venues === null ? (
        failure === null ? (
          <p className="soft venue-waiting" role="status">
            Listing the venues…
          </p>
        ) : null
      ) : (
        <div className="venue-columns">
          <VenueList venues={venues} chosen={form.exchange} onChoose={choose} />
          {venue === undefined ? (
            <Empty title="Choose a venue">It is where the prices come from, and where orders go.</Empty>
          ) : (
            <div className="venue-form">
              <VenueHead venue={venue} />
              <VenueFields form={form} onChange={change} />
              <ModeChoice venue={venue} form={form} onChange={change} />
              <CapitalNote settings={settings} form={form} />
              {form.mode === 'sandbox' ? (
                <VenueKeys key={venue.id} exchange={venue.id} onChange={() => setCheck(null)} />
              ) : null}
              <VenueStart
                venue={venue}
                form={form}
                settled={formOf(settings)}
                check={check}
                onChecked={setCheck}
              />
            </div>
          )}
        </div>
      )}
    </Panel>
  );
}

function VenueHead({ venue }: { readonly venue: VenueView }) {
  return (
    <div>
      <h3 className="venue-title">{venue.name}</h3>
      <p className="quiet" data-testid="venue-orders">
        {ordersWords(venue)}
      </p>
    </div>
  );
}

/** What is at stake. */
function CapitalNote({ settings, form }: { readonly settings: Settings; readonly form: VenueForm }) {
  const note = capitalNote(settings, form);
  return note === undefined ? null : (
    <p className="quiet setting-note" data-testid="venue-capital">
      {note}.
    </p>
  );
}

interface PartProps {
  readonly form: VenueForm;
  readonly onChange: (changes: Partial<VenueForm>) => void;
}

function VenueFields({ form, onChange }: PartProps) {
  const faults = formFaults(form);
  // Open from the start where something is in it, and closed by nobody but the trader.
  const [isOpen, setOpen] = useState([form.rest, form.ws, form.proxy].some((address) => address !== ''));
  const { answer: models } = useAnswer('models.get', {});
  const note = modelsNote(form.timeframe, models?.set?.timeframe);
  return (
    <>
      <div className="venue-fields">
        <TextField
          label="Symbols"
          hint="Separated by commas, all counted in one currency"
          testId="venue-symbols"
          value={form.symbols}
          fault={faults.symbols}
          onChange={(symbols) => onChange({ symbols })}
        />
        <label className="field">
          Candle
          <select
            className="input"
            data-testid="venue-timeframe"
            value={form.timeframe}
            // The options are the time frames.
            onChange={(event) => onChange({ timeframe: event.target.value as Timeframe })}
          >
            {TIMEFRAMES.map((timeframe) => (
              <option key={timeframe}>{timeframe}</option>
            ))}
          </select>
        </label>
      </div>
      {note === undefined ? null : (
        <p className="venue-models" data-testid="venue-models-note">
          <Icon name="warning" /> {note}
        </p>
      )}
      <details
        className="venue-advanced"
        open={isOpen}
        onToggle={(event) => setOpen(event.currentTarget.open)}
      >
        <summary data-testid="venue-advanced">Connection: a server of your own, or a proxy</summary>
        <div className="venue-addresses">
          <TextField
            label="Server address"
            hint="Empty: the venue's own"
            testId="venue-rest"
            value={form.rest}
            fault={faults.rest}
            onChange={(rest) => onChange({ rest })}
          />
          <TextField
            label="Its streams"
            hint="Empty: at the same address"
            testId="venue-ws"
            value={form.ws}
            fault={faults.ws}
            onChange={(ws) => onChange({ ws })}
          />
          <TextField
            label="Proxy"
            hint="Empty: none"
            testId="venue-proxy"
            value={form.proxy}
            fault={faults.proxy}
            onChange={(proxy) => onChange({ proxy })}
          />
        </div>
      </details>
    </>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly testId: string;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (text: string) => void;
}

function TextField({ label, hint, testId, value, fault, onChange }: TextFieldProps) {
  return (
    <label className="field">
      {label}
      <input
        className="input"
        spellCheck={false}
        autoComplete="off"
        data-testid={testId}
        aria-invalid={fault !== undefined}
        value={value}
        onChange={(event) => onChange(event.target.value.trimStart())}
      />
      <span className={fault === undefined ? 'quiet field-hint' : 'field-fault'}>{fault ?? hint}</span>
    </label>
  );
}

const MODE_CHOICES = {
  paper: { name: 'On paper', meaning: 'Real prices; orders stay on this machine. No keys, no money' },
  sandbox: { name: 'In the sandbox', meaning: "Orders go to the venue's test network. Keys, and test money" },
} as const;

function ModeChoice({ venue, form, onChange }: PartProps & { readonly venue: VenueView }) {
  return (
    <div className="venue-modes" role="radiogroup" aria-label="How to trade">
      {(['paper', 'sandbox'] as const).map((mode) => (
        <label key={mode} className="venue-mode" data-chosen={form.mode === mode}>
          <input
            type="radio"
            name="venue-mode"
            data-testid={`venue-mode-${mode}`}
            checked={form.mode === mode}
            disabled={mode === 'sandbox' && !venue.isTraded}
            onChange={() => onChange({ mode })}
          />
          <span>
            <span className="strong">{MODE_CHOICES[mode].name}</span>
            <span className="setting-meaning quiet">
              {mode === 'sandbox' && !venue.isTraded
                ? 'Not here: no order of this program can go to this venue'
                : MODE_CHOICES[mode].meaning}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}
