import {
  ALERT_CHANNELS,
  ALERT_RULE_WORDS,
  ALERT_RULES,
  type AlertChannelView,
  type AlertsView,
  type AlertTest,
  type AlertView,
  type DeliveryView,
} from '../../core/contract/index.ts';

const SENT_AT = Date.UTC(2025, 0, 5, 12);

const DELIVERIES: readonly DeliveryView[] = [
  {
    ...{ id: 'slack-2', time: SENT_AT, channel: 'slack', kind: 'alert', severity: 'info' },
    ...{ title: 'Trade opened', text: 'BTC/USDT long 0.5', state: 'sent', attempts: 2 },
    ...{ nextAt: null, endedAt: SENT_AT + 5_000, problem: null },
  },
  {
    ...{ id: 'slack-1', time: SENT_AT - 60_000, channel: 'slack', kind: 'reminder', severity: 'critical' },
    ...{
      title: 'Not acknowledged: Kill switch engaged',
      text: '11:44 UTC Kill switch engaged: by the trader',
    },
    ...{ state: 'refused', attempts: 1, nextAt: null, endedAt: SENT_AT - 59_000 },
    problem: 'Slack says 404: no_service',
  },
];

/** Alerts as a program would show them that has Slack turned on, and a webhook without its address. */
export class FakeAlerts {
  #alerts: readonly AlertView[] = [];
  #deliveries = DELIVERIES;
  #isOff = false;
  /** Changed rows, where the trader acknowledges. */
  readonly #onChange: (alerts: readonly AlertView[]) => void;

  constructor(onChange: (alerts: readonly AlertView[]) => void) {
    this.#onChange = onChange;
  }

  raise(severity: AlertView['severity'], title: string, message: string, time: number): AlertView {
    const id = `alert-${this.#alerts.length + 1}`;
    const alert: AlertView = { id, time, severity, title, message, rule: 'program', acknowledged: null };
    this.#alerts = [...this.#alerts, alert];
    return alert;
  }

  acknowledge(id: string | undefined, at: number): AlertsView {
    const seen = this.#open.filter((alert) => id === undefined || alert.id === id);
    const acknowledged = { at, by: 'the trader from the window' };
    this.#alerts = this.#alerts.map((alert) => (seen.includes(alert) ? { ...alert, acknowledged } : alert));
    this.#onChange(this.#alerts.filter((alert) => alert.acknowledged === acknowledged));
    return this.view();
  }

  /** From now on as where nothing was ever set up. */
  turnOff(): void {
    this.#isOff = true;
    this.#alerts = [];
    this.#deliveries = [];
  }

  test(channel: AlertTest['channel'], at: number): AlertTest {
    const { state, message } = this.#channel(channel);
    if (state !== 'ready') return { channel, sent: false, message };
    const sent: DeliveryView = {
      ...{ id: `${channel}-${this.#deliveries.length + 1}`, time: at, channel, kind: 'test' },
      ...{ severity: 'info', title: 'LLM-TradeBot: a test', text: 'This is how alerts look here.' },
      ...{ state: 'sent', attempts: 1, nextAt: null, endedAt: at, problem: null },
    };
    this.#deliveries = [sent, ...this.#deliveries];
    return { channel, sent: true, message: 'Slack has taken it' };
  }

  view(): AlertsView {
    return {
      alerts: [...this.#alerts],
      open: this.#open,
      channels: ALERT_CHANNELS.map((channel) => this.#channel(channel)),
      rules: ALERT_RULES.map((rule) => ({
        ...{ rule, name: ALERT_RULE_WORDS[rule], sent: rule !== 'data', severity: null },
      })),
      isQuiet: false,
      deliveries: [...this.#deliveries],
    };
  }

  get #open(): AlertView[] {
    return this.#alerts.filter(
      ({ severity, acknowledged }) => severity === 'critical' && acknowledged === null,
    );
  }

  #channel(channel: AlertChannelView['channel']): AlertChannelView {
    const nothing = { channel, least: 'info', waiting: 0, lastSentAt: null } as const;
    if (channel === 'slack' && !this.#isOff)
      return {
        ...nothing,
        state: 'ready',
        message: 'to the webhook at hooks.slack.com',
        lastSentAt: SENT_AT,
      };
    if (channel === 'webhook' && !this.#isOff)
      return { ...nothing, state: 'lacking', message: 'lacks its address: `tradebot keys set webhook.url`' };
    return { ...nothing, state: 'off', message: `turned off: set alerts.${channel}.enabled` };
  }
}
