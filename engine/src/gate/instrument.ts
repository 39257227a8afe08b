// What a symbol may be: the one rule of specs, imports, stores, routes and commands. Exchanges and users name things in
// every script and with every sign, so it refuses only what nobody can see and what is no name on a side of a /.

/** Most code points, which is how people count characters. */
export const LONGEST_SYMBOL = 64;

/**
 * A character that nobody can see: of C and Z (spaces, controls, format and bidirectional marks, lone surrogates, what
 * Unicode keeps private or has not assigned) or one of the blanks that it counts as letters, marks or signs.
 */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

export interface SymbolReading {
  /** Symbol in composed form (NFC): two spellings that look the same are one. */
  readonly symbol: string;
  /** Rule that it breaks, with the way out; null: it breaks none. */
  readonly problem: string | null;
}

/** Reads a symbol as somebody wrote it. Only the symbol that comes out may be compared, stored or asked for. */
export function readSymbol(text: string): SymbolReading {
  const symbol = text.normalize('NFC');
  return { symbol, problem: symbolProblem(symbol) };
}

function symbolProblem(symbol: string): string | null {
  if (symbol === '') return 'must not be empty: give the name of an instrument, like BTCUSDT or BRK.B';
  const { length } = Array.from(symbol);
  if (length > LONGEST_SYMBOL)
    return `must have at most ${LONGEST_SYMBOL} characters, and has ${length}: give a shorter name`;
  const unseen = UNSEEN.exec(symbol);
  if (unseen !== null) {
    const place = unseen.index === 0 ? 'at its start' : `after ${JSON.stringify(symbol.slice(0, unseen.index))}`;
    return `must have visible characters and no spaces: leave out ${codePoint(unseen[0])} ${place}`;
  }
  if (symbol.split('/').every((part) => !/^\.*$/.test(part))) return null;
  const rule = symbol.includes('/') ? 'have a name before and after each /, like BTC/USDT' : 'be a name, like BRK.B';
  return `must ${rule}, not only dots or nothing: got ${JSON.stringify(symbol)}`;
}

/** Writes U+202E for a character that cannot be shown. */
function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `U+${hex.padStart(4, '0')}`;
}
