import { type FormEvent, useState } from 'react';
import type { SecretView } from '../../../core/contract/index.ts';
import { Badge } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useAnswer } from '../use-answer.ts';
import { KEY_PLACES, keyName } from './venue-form.ts';

interface VenueKeysProps {
  readonly exchange: string;
  /** A key was kept or forgotten. */
  readonly onChange: () => void;
}

/** A venue's keys. They go to the program and never come back: what is shown is whether each is there. */
export function VenueKeys({ exchange, onChange }: VenueKeysProps) {
  const { answer: keys, failure, replace } = useAnswer('venues.keys', { exchange });
  const change = (changed: SecretView[]): void => {
    replace(changed);
    onChange();
  };
  if (keys === null) return failure === null ? null : <p className="fault">{failure}</p>;
  return (
    <div className="venue-keys" data-testid="venue-keys">
      {keys.map((key) => (
        <VenueKey key={key.name} exchange={exchange} secret={key} onChange={change} />
      ))}
      {keys.some(({ source }) => source === 'memory') ? (
        <p className="quiet setting-note">
          This machine has no keychain that can be used: a key is kept in memory, and asked for again after
          the program has ended. To keep it, put it into an encrypted file with{' '}
          <code className="code">tradebot keys set {keys[0]?.name} --vault</code>, which asks for a
          passphrase.
        </p>
      ) : null}
    </div>
  );
}

interface VenueKeyProps {
  readonly exchange: string;
  readonly secret: SecretView;
  readonly onChange: (keys: SecretView[]) => void;
}

function VenueKey({ exchange, secret: { credential, source }, onChange }: VenueKeyProps) {
  const host = useHost();
  const [value, setValue] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const attempt = async (work: () => Promise<SecretView[]>): Promise<void> => {
    try {
      onChange(await work());
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  };
  const keep = (event: FormEvent): void => {
    event.preventDefault();
    const typed = value;
    // Gone from the page whatever comes of it.
    setValue('');
    void attempt(() => host.call('venues.keepKey', { exchange, credential, value: typed }));
  };
  const name = keyName(credential);
  return (
    <form className="venue-key" onSubmit={keep}>
      <span className="venue-key-name">{name}</span>
      <input
        className="input"
        type="password"
        autoComplete="off"
        spellCheck={false}
        aria-label={name}
        placeholder={source === null ? 'Paste it here' : 'Paste another to replace it'}
        data-testid={`key-${credential}`}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button
        type="submit"
        className="button"
        disabled={value.trim() === ''}
        data-testid={`keep-${credential}`}
      >
        Keep
      </button>
      <span className="venue-key-place">
        {source === null ? (
          <Badge>not there</Badge>
        ) : (
          <Badge tone="good" icon="check">
            {KEY_PLACES[source]}
          </Badge>
        )}
        {source === 'keychain' || source === 'vault' || source === 'memory' ? (
          <button
            type="button"
            className="link"
            data-testid={`forget-${credential}`}
            onClick={() => void attempt(() => host.call('venues.forgetKey', { exchange, credential }))}
          >
            Forget
          </button>
        ) : null}
      </span>
      {failure === null ? null : (
        <p className="fault" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
