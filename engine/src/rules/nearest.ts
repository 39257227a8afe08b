// What somebody probably meant: the known word that takes the fewest changes of letters to reach.

/** Letters of the longest word that is compared; comparing takes the product of two lengths. */
const LONGEST = 64;

/** Returns the nearest word, if less than half of it would have to change. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of words) {
    if (candidate.length > LONGEST) continue;
    const least = Math.abs(wanted.length - candidate.length);
    if (least >= fewest || least * 2 >= Math.max(wanted.length, candidate.length)) continue;
    const changes = distance(wanted, candidate.toLowerCase());
    if (changes < fewest && changes * 2 < Math.max(wanted.length, candidate.length)) {
      best = candidate;
      fewest = changes;
    }
  }
  return best;
}

/** Counts the letters that are inserted, removed or replaced, and the neighbours that are swapped: the commonest slip of fingers. */
function distance(a: string, b: string): number {
  let before = new Uint8Array(b.length + 1);
  let last = new Uint8Array(b.length + 1);
  let row = Uint8Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    [before, last, row] = [last, row, before];
    row[0] = i;
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1] + Number(a.charCodeAt(i - 1) !== b.charCodeAt(j - 1));
      row[j] = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      if (isSwapped(a, i, b, j)) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.length];
}

/** Tests whether the two letters before these ends are the same ones in the other order. */
function isSwapped(a: string, i: number, b: string, j: number): boolean {
  if (i < 2 || j < 2) return false;
  return a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
}
