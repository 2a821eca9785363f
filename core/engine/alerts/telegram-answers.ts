import type { TelegramCommand } from '../../alerts/index.ts';
import type { EngineService } from '../service/client-session.ts';

/**
 * Does what the chat asks for, by the same calls as every page and program: a press is a press, noted by the name of who
 * sent it.
 */
export async function telegramAnswer(
  service: Pick<EngineService, 'call'>,
  command: TelegramCommand,
  by: string,
): Promise<string> {
  switch (command) {
    case 'status': {
      const { mode, trading, message, breaker, killSwitch, conditions } = await service.call(
        'status.get',
        {},
      );
      const stops = [
        ...(killSwitch.engaged ? [`The kill switch is engaged: ${killSwitch.reason ?? 'no reason'}`] : []),
        ...(breaker.tripped ? [`The circuit breaker has tripped: ${breaker.reason ?? 'no reason'}`] : []),
        ...conditions.filter(({ severity }) => severity !== 'info').map((each) => each.message),
      ];
      return [`${mode.toUpperCase()}: ${trading} (${message})`, ...stops].join('\n');
    }
    case 'positions': {
      const positions = await service.call('positions.list', {});
      const lines = positions.map(
        ({ symbol, quantity, averageEntryPrice, unrealisedPnl, unrealisedPnlPct, stopPrice, protection }) =>
          `${symbol} ${quantity} at ${averageEntryPrice}: ${unrealisedPnl} (${unrealisedPnlPct.toFixed(2)} %), ${stopPrice === null ? 'no stop' : `stop ${stopPrice}`} (${protection})`,
      );
      return lines.length === 0 ? 'Nothing is open.' : lines.join('\n');
    }
    case 'pnl': {
      const { equity, dailyPnl, realisedPnl, unrealisedPnl, returnPct, drawdownPct } = await service.call(
        'portfolio.get',
        {},
      );
      return [
        `Equity ${equity} (${returnPct.toFixed(2)} %)`,
        `Today ${dailyPnl}, realised ${realisedPnl}, unrealised ${unrealisedPnl}`,
        `Drawdown ${drawdownPct.toFixed(2)} %`,
      ].join('\n');
    }
    case 'pause':
      await service.call('trading.pause', { reason: `/pause of ${by}`, from: 'telegram' });
      return 'Paused: nothing is entered, exits and stops go on. It ends in the program.';
    case 'kill': {
      const view = await service.call('killSwitch.activate', { reason: `/kill of ${by}`, from: 'telegram' });
      const failures = view.failures.length === 0 ? '' : `\n${view.failures.join('\n')}`;
      return `KILL SWITCH ENGAGED: orders are cancelled and positions closed.${failures}`;
    }
  }
}
