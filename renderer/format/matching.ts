/** The items whose text has every word of the query, those where a word begins with it first. */
export function matching<T>(items: readonly T[], query: string, textOf: (item: T) => string): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  const rank = (item: T): number => {
    const text = textOf(item).toLowerCase();
    if (!words.every((word) => text.includes(word))) return -1;
    return words.filter((word) => ` ${text}`.includes(` ${word}`)).length;
  };
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ item }) => item);
}
