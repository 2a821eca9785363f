import { useState } from 'react';
import { TRADE_CSV_HEAD, type TradeRecord, tradeCsvLine } from '../../../core/contract/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices } from '../../stores/index.ts';
import { saveFile } from '../save-file.ts';
import { questionOf, type TradeSearch } from './trade-table.ts';

/** Trades asked for at a time. */
const PAGE = 2_000;

/** Saves every trade that is searched for as a CSV file, also those that are not on the screen. */
export function ExportTrades({ search }: { readonly search: TradeSearch }) {
  const host = useHost();
  const say = useNotices(({ add }) => add);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const lines = [TRADE_CSV_HEAD];
      let last: TradeRecord | undefined;
      let page: readonly TradeRecord[] = [];
      do {
        const after = last && { closedAt: last.closedAt, openedAt: last.openedAt, id: last.id };
        page = await host.call('trades.find', {
          ...questionOf(search),
          limit: PAGE,
          ...(after === undefined ? {} : { after }),
        });
        lines.push(...page.map(tradeCsvLine));
        last = page.at(-1);
      } while (page.length === PAGE);
      saveFile('trades.csv', 'text/csv', `${lines.join('\n')}\n`);
    } catch (error) {
      say('error', `The trades were not saved: ${failureText(error)}.`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      className="button button-small"
      data-testid="export-trades"
      disabled={busy}
      onClick={() => void save()}
    >
      Export CSV
    </button>
  );
}
