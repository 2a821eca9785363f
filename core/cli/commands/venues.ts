import type { Command } from 'commander';
import type { Mode } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { capabilitiesOf, exchangeSecret, type VenueCapabilities, venueIds } from '../../engine/index.ts';
import type { CommandContext } from '../context.ts';
import { table } from '../terminal.ts';

export function registerVenues(program: Command, { terminal }: CommandContext): void {
  program
    .command('venues')
    .description('which exchanges there are, or what one of them can do here and which keys it needs')
    .argument('[id]', 'such as binance')
    .option('--json', 'print one JSON document')
    .action(async (id: string | undefined, { json = false }: { readonly json?: boolean }) => {
      if (id !== undefined) {
        const venue = await knownVenue(id);
        return terminal.print(json ? JSON.stringify(venue) : card(venue));
      }
      const venues = await allVenues();
      terminal.print(json ? JSON.stringify(venues) : list(venues));
    });
}

async function knownVenue(id: string): Promise<VenueCapabilities> {
  const venue = await capabilitiesOf(id);
  if (venue !== undefined) return venue;
  throw new TraderError('bad-input', `${id} is no exchange that ccxt knows: see \`tradebot venues\``);
}

async function allVenues(): Promise<readonly VenueCapabilities[]> {
  const ids = await venueIds();
  const venues = await Promise.all(ids.map(knownVenue));
  return venues.toSorted((a, b) => rankOf(b) - rankOf(a) || (a.id < b.id ? -1 : 1));
}

const rankOf = ({ isProven, isTraded }: VenueCapabilities): number => Number(isProven) + Number(isTraded);

function list(venues: readonly VenueCapabilities[]): string {
  const rows = venues.map((venue) => [
    venue.id,
    venue.name,
    venue.markets.join(', ') || '-',
    yes(venue.hasTestNetwork),
    venue.isTraded ? (venue.isProven ? 'yes, proven' : 'yes, not proven') : 'no',
  ]);
  return table(['id', 'name', 'markets', 'test network', 'takes our orders'], rows);
}

function card({
  id,
  name,
  markets,
  credentials,
  hasTestNetwork,
  streams,
  hasDeadManSwitch,
  isTraded,
  isProven,
  refusals,
}: VenueCapabilities): string {
  const symbol = markets.includes('spot') ? 'BTC/USDT' : 'BTC/USDT:USDT';
  const settings = (mode: Mode): string =>
    `  ${JSON.stringify({ mode, symbols: [symbol], exchange: { id } })}`;
  return [
    `${name} (${id})`,
    `markets            ${markets.join(', ') || 'none that are traded here'}`,
    `test network       ${yes(hasTestNetwork)}`,
    `streams            candles ${yes(streams.candles)}, orders ${yes(streams.orders)}, trades ${yes(streams.trades)}`,
    ...(hasDeadManSwitch ? ['dead-man switch    never armed: it would take stops with it'] : []),
    `takes our orders   ${isTraded ? `yes: ${isProven ? PROVEN : UNPROVEN}` : 'no; it can be traded on paper'}`,
    ...refusals.map((why) => `no orders          ${why}`),
    'on paper           no key needed; settings to paste into a file for --config:',
    settings('paper'),
    'keys               kept with:',
    ...credentials.map((key) => `  tradebot keys set ${exchangeSecret(id, key)}`),
    ...(isTraded
      ? ['with its orders    settings to paste into a file for --config:', settings('sandbox')]
      : []),
    ...(isTraded && !isProven ? ['with real money    also needs "unproven": true beside the id'] : []),
  ].join('\n');
}

const PROVEN = 'proven against its dialect here';
const UNPROVEN = 'read from ccxt, not proven: try it in the sandbox first';

const yes = (is: boolean): string => (is ? 'yes' : 'no');
