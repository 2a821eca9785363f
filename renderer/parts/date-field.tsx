interface DateProps {
  /** Shown before the field. */
  readonly name: string;
  /** What it is a date of. */
  readonly label: string;
  /** `2025-03-01`, or empty. */
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

/** A day, chosen from a calendar or typed. */
export function DateField({ name, label, value, onChoose }: DateProps) {
  return (
    <label className="date-field">
      <span className="quiet">{name}</span>
      <input
        className="input"
        type="date"
        aria-label={label}
        value={value}
        onChange={({ target }) => onChoose(target.value)}
      />
    </label>
  );
}
