/** 1,234.5 without its commas. One that may be a decimal comma stays, and is no number: 0,5 is not 5. */
export function withoutGroups(given: string): string {
  return /^-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(given) ? given.replaceAll(',', '') : given;
}
