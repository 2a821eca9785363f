import { type FormEvent, useState } from 'react';
import { logIn, tokenIn } from '../host/index.ts';
import { failureText } from '../program/commands.ts';
import { useHost } from '../program/host-context.ts';

/** For a browser that the host does not know: how to get in. */
export function LoginScreen() {
  const host = useHost();
  const [text, setText] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const token = tokenIn(text);
    if (token === undefined) {
      setFailure(
        'There is no token in this. Paste the whole URL as the program printed it, or what follows #token=',
      );
      return;
    }
    setSending(true);
    try {
      await logIn(token);
      host.retryNow();
    } catch (error) {
      setFailure(failureText(error));
    } finally {
      setSending(false);
    }
  };
  return (
    <main className="login">
      <form className="login-form" data-testid="login-form" onSubmit={(event) => void submit(event)}>
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="40" height="40" />
        <h1>This browser is not logged in</h1>
        <p className="soft">
          Open the URL that the program printed in its terminal when it started. It works once; from then on
          the program knows this browser, until it ends. Or paste it here:
        </p>
        <label className="field">
          <span>URL or token</span>
          <input
            className="input code"
            data-testid="login-token"
            value={text}
            autoComplete="off"
            spellCheck={false}
            placeholder="http://127.0.0.1:5173/#token=…"
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        {failure === null ? null : (
          <p className="fault" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" className="button button-accent" disabled={sending || text.trim() === ''}>
          {sending ? 'Logging in…' : 'Log in'}
        </button>
        <p className="quiet">
          The link was used already, or is lost? Start the program again: it prints a new one. To cancel and
          close everything without this page, run <code className="code">tradebot kill</code> in a terminal.
        </p>
      </form>
    </main>
  );
}
