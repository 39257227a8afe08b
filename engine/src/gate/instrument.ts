// What an instrument may be called, by specs and by whoever stores candles for them.

/** What exchanges call things, never a way through a file system. */
const SYMBOL = /^[A-Za-z0-9.\-_/:^=]{1,40}$/;

/** The rule that a symbol breaks, or null. */
export function symbolProblem(symbol: string): string | null {
  const parts = symbol.split('/');
  if (SYMBOL.test(symbol) && !symbol.includes('..') && parts.every((part) => part !== '' && part !== '.')) return null;
  return 'must be 1 to 40 letters, digits and . - _ / : ^ = with no empty part or dots alone around a /';
}
