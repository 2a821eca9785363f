import type { DeliveryView, Severity } from '../contract/index.ts';
import type { AlertRecord, UtcMs } from '../domain/index.ts';

/** What goes out by a channel. */
export interface AlertMessage extends Pick<DeliveryView, 'kind' | 'severity' | 'title' | 'text'> {
  readonly id: string;
  readonly time: UtcMs;
}

/** As a program's own words, before a channel's number is in the id. */
export type MessageWords = Omit<AlertMessage, 'id' | 'time'>;

/** Lines of a message about several alerts; how many more there were is said. */
const MOST_LINES = 20;
/** Longer than any alert is, and shorter than what the channels take. */
const LONGEST_TEXT = 3_000;

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** Whether one weighs at least as much as the other. */
export function weighs(severity: Severity, least: Severity): boolean {
  return WEIGHT[severity] >= WEIGHT[least];
}

export function graver(one: Severity, other: Severity): Severity {
  return weighs(one, other) ? one : other;
}

/** An alert as one message. */
export function alertMessage({ title, message }: AlertRecord, severity: Severity): MessageWords {
  return { kind: 'alert', severity, title, text: cut(message) };
}

/** Several as one, in the order of telling; one alone as itself. */
export function digestMessage(
  alerts: readonly { readonly alert: AlertRecord; readonly severity: Severity }[],
  why: string,
): MessageWords {
  const [first] = alerts;
  if (first !== undefined && alerts.length === 1) return alertMessage(first.alert, first.severity);
  const severity = alerts.reduce<Severity>((gravest, each) => graver(gravest, each.severity), 'info');
  return {
    kind: 'digest',
    severity,
    title: `${alerts.length} alerts ${why}`,
    text: listed(alerts.map(({ alert }) => alert)),
  };
}

/** Critical alerts that nobody has acknowledged. */
export function reminderMessage(open: readonly AlertRecord[]): MessageWords {
  const [only] = open;
  const one = only !== undefined && open.length === 1;
  return {
    kind: 'reminder',
    severity: 'critical',
    title: one ? `Not acknowledged: ${only.title}` : `${open.length} critical alerts are not acknowledged`,
    text: `${listed(open)}\nAcknowledge in the program, or with: tradebot alerts ack`,
  };
}

function listed(alerts: readonly AlertRecord[]): string {
  const lines = alerts
    .slice(-MOST_LINES)
    .map(
      ({ time, title, message }) => `${new Date(time).toISOString().slice(11, 16)} UTC ${title}: ${message}`,
    );
  const more = alerts.length - lines.length;
  return cut([...(more > 0 ? [`(${more} earlier ones)`] : []), ...lines].join('\n'));
}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)} …`;
}
