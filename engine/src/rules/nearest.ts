// What somebody probably meant: the known word that takes the fewest changes of letters to reach.

/** The nearest word, if less than half of it would have to change. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of words) {
    const changes = distance(wanted, candidate.toLowerCase());
    if (changes < fewest && changes * 2 < Math.max(wanted.length, candidate.length)) {
      best = candidate;
      fewest = changes;
    }
  }
  return best;
}

/** Levenshtein distance: letters inserted, removed or replaced. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > b.length) return Infinity; // and a giant word costs nothing
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1] + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
