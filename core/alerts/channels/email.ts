import { createTransport } from 'nodemailer';
import type { AlertSettings } from '../../contract/index.ts';
import { type AlertChannel, DeliveryFailure } from '../channel.ts';
import type { AlertMessage } from '../message.ts';

export interface EmailOptions {
  readonly settings: AlertSettings['email'] & { readonly host: string; readonly from: string };
  /** Null: the server asks for none. */
  readonly password: string | null;
}

/** The server's own patience with us is longer than the queue's; these only see to it that no socket is left. */
const SOCKET_MS = 20_000;

/** A mail by SMTP, to everybody in the settings. */
export class EmailChannel implements AlertChannel {
  readonly name = 'email';
  readonly #options: EmailOptions;

  constructor(options: EmailOptions) {
    this.#options = options;
  }

  async send({ id, title, text, severity, time }: AlertMessage, signal: AbortSignal): Promise<string> {
    const { settings, password } = this.#options;
    const { host, port, security, user, from, to } = settings;
    const transport = createTransport({
      ...{ host, port, secure: security === 'tls' },
      ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
      ...(user === null || password === null ? {} : { auth: { user, pass: password } }),
      ...{ connectionTimeout: SOCKET_MS, greetingTimeout: SOCKET_MS, socketTimeout: SOCKET_MS },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    const close = (): void => transport.close();
    signal.addEventListener('abort', close);
    try {
      const { rejected } = await transport.sendMail({
        ...{ from, to, subject: `[LLM-TradeBot] ${title}`, text, date: new Date(time) },
        // The same however often it is tried, so that a mail program shows it once.
        messageId: `<${id}@llm-tradebot.invalid>`,
        priority: severity === 'critical' ? 'high' : 'normal',
      });
      const not = rejected.length === 0 ? '' : `, but not for ${rejected.map(addressOf).join(', ')}`;
      return `${host} has taken it${not}`;
    } catch (error) {
      throw failureOf(error);
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }
}

function addressOf(recipient: string | { readonly address: string }): string {
  return typeof recipient === 'string' ? recipient : recipient.address;
}

/** RFC 5321: what begins with a 5 stays so until somebody changes something. A wrong password does, too. */
function failureOf(error: unknown): DeliveryFailure {
  const { code, responseCode, message } = error as {
    readonly code?: unknown;
    readonly responseCode?: unknown;
    readonly message?: unknown;
  };
  const status = typeof responseCode === 'number' ? responseCode : 0;
  const words = typeof message === 'string' ? message.split('\n')[0] : String(code);
  return new DeliveryFailure(`the mail was not taken: ${words}`, {
    passing: code !== 'EAUTH' && status < 500,
  });
}
