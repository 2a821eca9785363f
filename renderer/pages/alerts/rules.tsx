import type { AlertsView } from '../../../core/contract/index.ts';
import { Panel, Table } from '../../parts/index.ts';
import { routeWords, weightWords } from './alert-words.ts';
import { Coded } from './coded.tsx';

const COLUMNS = [{ title: 'What is told of' }, { title: 'Weight' }, { title: 'Goes to' }];

/** What is told of, what it weighs outside the program, and where it goes. */
export function Rules({ view: { rules, channels } }: { readonly view: AlertsView }) {
  return (
    <Panel title="Rules" count={rules.length}>
      <Table label="Rules of alerts" columns={COLUMNS} testId="alert-rules">
        {rules.map((rule) => (
          <tr key={rule.rule} data-rule={rule.rule}>
            <td className="alerts-words">
              {rule.name} <code className="code quiet">{rule.rule}</code>
            </td>
            <td>{weightWords(rule)}</td>
            <td className="alerts-words">
              <Coded words={routeWords(rule, channels)} />
            </td>
          </tr>
        ))}
      </Table>
      <p className="safety-note quiet alerts-note">
        As usual: a trade is information, a stop that was hit a warning, a stop of all entries critical, and
        that something is over information. <code className="code">alerts.rules</code> in the settings file
        turns a rule off or gives it another weight, such as{' '}
        <code className="code">{'"trade-opened": "off"'}</code>. In this program every alert is shown all the
        same.
      </p>
    </Panel>
  );
}
