import { useState } from 'react';
import type { VenueView } from '../../../core/contract/index.ts';
import { Badge, Icon } from '../../parts/index.ts';
import { matchingVenues, ordersWords } from './venue-form.ts';

interface VenueListProps {
  readonly venues: readonly VenueView[];
  readonly chosen: string;
  readonly onChoose: (venue: VenueView) => void;
}

/** Every venue there is: those first to which orders have been tried, then those that take them as ccxt says. */
export function VenueList({ venues, chosen, onChoose }: VenueListProps) {
  const [search, setSearch] = useState('');
  const found = matchingVenues(venues, search);
  return (
    <div className="venue-list">
      <label className="venue-search">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          placeholder={`Search ${venues.length} venues`}
          aria-label="Search venues"
          data-testid="venue-search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <div className="venue-rows" role="radiogroup" aria-label="Venue">
        {found.map((venue) => (
          <label key={venue.id} className="venue-row" data-chosen={venue.id === chosen}>
            <input
              type="radio"
              name="venue"
              checked={venue.id === chosen}
              data-testid={`venue-${venue.id}`}
              onChange={() => onChoose(venue)}
            />
            <span className="venue-name" title={venue.name}>
              {venue.name}
            </span>
            {venue.isTraded ? (
              <Badge tone={venue.isProven ? 'good' : 'plain'} title={ordersWords(venue)}>
                {venue.isProven ? 'orders' : 'unproven'}
              </Badge>
            ) : null}
            <span className="quiet venue-markets">
              {venue.markets.map((kind) => (kind === 'spot' ? 'spot' : 'perps')).join(', ') || 'prices only'}
            </span>
          </label>
        ))}
        {found.length === 0 ? (
          <p className="quiet venue-none">No venue is called so. Try a part of its name.</p>
        ) : null}
      </div>
    </div>
  );
}
