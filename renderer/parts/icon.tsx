/** Sixteen-pixel line icons, drawn here: nothing is loaded from anywhere. */
const PATHS = {
  trade: 'M4 2.5v2M4 10v3.5M2.5 4.5h3V10h-3zM11.5 2.5V6M11.5 11v2.5M10 6h3v5h-3z',
  decisions: 'M8 2v4M8 6 4 10M8 6l4 4M2.5 10h3v3.5h-3zM10.5 10h3v3.5h-3z',
  orders: 'M3 4h10M3 8h10M3 12h6',
  trades: 'M3 4h10M3 8h6M3 12h8M11 8.5l2 2-2 2',
  performance: 'M2.5 12.5 6 8l3 2.5 4.5-7M10.5 3.5h3v3',
  models:
    'M3 4.5h2.5L8 8l2.5-3.5H13M3 11.5h2.5L8 8l2.5 3.5H13M8 6.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z',
  analysts: 'M2.5 3.5h7v5h-4l-2 2v-2h-1zM11.5 6.5h2v5h-1v2l-2-2h-4v-1',
  arena: 'M2.5 13.5h11M4 13.5V9M8 13.5v-10M12 13.5V6.5M6 5.5l2-2 2 2',
  settings: 'M2.5 5H9M12.5 5h1M2.5 11h1M7 11h6.5M9 3.5h3v3H9zM4 9.5h3v3H4z',
  logs: 'M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3',
  pulse: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  eye: 'M1.5 8c1.7-3 3.9-4.5 6.5-4.5s4.8 1.5 6.5 4.5c-1.7 3-3.9 4.5-6.5 4.5S3.2 11 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  up: 'M8 12.5v-9M4.5 7 8 3.5 11.5 7',
  down: 'M8 3.5v9M4.5 9 8 12.5 11.5 9',
  flat: 'M3.5 8h9',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5v9l7-4.5z',
  stop: 'M5.3 2.5h5.4l2.8 2.8v5.4l-2.8 2.8H5.3l-2.8-2.8V5.3zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  link: 'M2 8h3.5M10.5 8H14M5.5 5.5v5h2M10.5 5.5v5h-2M7.5 7h1M7.5 9h1',
  unlinked: 'M2 8h3.5M10.5 8H14M5.5 5.5v5M10.5 5.5v5M7 3.5 9 2M7 12.5 9 14',
  feed: 'M3.5 12.5v-.1M3 8.5A4.5 4.5 0 0 1 7.5 13M3 4.5A8.5 8.5 0 0 1 11.5 13',
  bell: 'M4 11V7.5a4 4 0 0 1 8 0V11l1 1.5H3zM6.8 14h2.4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  shield: 'M8 2 13 4v4c0 3-2 5-5 6-3-1-5-3-5-6V4z',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2 1.3',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5.1v.1',
  latest: 'M3 3.5 7.5 8 3 12.5M8 3.5 12.5 8 8 12.5',
} as const;
export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
  /** Said aloud; left out where text beside it says the same. */
  readonly label?: string;
  readonly size?: number;
}

export function Icon({ name, label, size = 16 }: IconProps) {
  const box = { className: 'icon', width: size, height: size, viewBox: '0 0 16 16' };
  if (label === undefined) {
    return (
      <svg {...box} aria-hidden="true">
        <path d={PATHS[name]} />
      </svg>
    );
  }
  return (
    <svg {...box} role="img">
      <title>{label}</title>
      <path d={PATHS[name]} />
    </svg>
  );
}
