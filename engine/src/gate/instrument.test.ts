import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorOf, specInput } from '../testing/specs.ts';
import { readSymbol } from './instrument.ts';
import { parseSpec } from './parse-spec.ts';

const specOf = (symbol: string): object => specInput({}, { instrument_id: { market_id: 1, symbol } });

test('real symbols are symbols, with any sign and in any script', () => {
  const symbols = [
    'BTCUSDT',
    'M&M.NS',
    'ES1!',
    'BRK.B',
    '^GSPC',
    'EURUSD=X',
    'BTC/USDT:USDT',
    'RELIANCE.NS',
    '7203.T',
    '贵州茅台',
    'Газпром',
    'रिलायंस',
    'ไทยเบฟ',
    '삼성전자',
    'شپنا',
    'x',
    'a-b_c',
    'a..b',
    'a\\b',
    `"'%$*?`,
    '🍏',
    '木'.repeat(64),
    '🍏'.repeat(64),
  ];
  for (const symbol of symbols) {
    assert.deepEqual(readSymbol(symbol), { symbol, problem: null });
    assert.equal(parseSpec(specOf(symbol)).template.instrument_id.symbol, symbol);
  }
});

test('two spellings of one name are one symbol', () => {
  const pairs = [
    ['\u0418\u0306\u043e', '\u0419\u043e'], // a letter and its breve, as file systems of macOS spell it
    ['Vie\u0302\u0323t', 'Vi\u1ec7t'], // as Vietnamese keyboards spell it
    ['\u0958', '\u0915\u093c'], // a letter that Unicode composes of two
    ['\u212a', 'K'], // the sign of the kelvin
  ] as const;
  for (const [written, symbol] of pairs) {
    assert.notEqual(written, symbol);
    assert.deepEqual(readSymbol(written), { symbol, problem: null });
    assert.equal(parseSpec(specOf(written)).template.instrument_id.symbol, symbol);
  }
  assert.equal(readSymbol('e\u0301'.repeat(64)).problem, null, 'counted as composed');
});

test('what is no symbol: the message has the thing, the rule and the way out', () => {
  const unseen = (code: string, place: string): string =>
    `must have visible characters and no spaces: leave out ${code} ${place}`;
  const parts = (symbol: string): string =>
    `must have a name before and after each /, like BTC/USDT, not only dots or nothing: got "${symbol}"`;
  const cases: readonly (readonly [string, string])[] = [
    ['', 'must not be empty: give the name of an instrument, like BTCUSDT or BRK.B'],
    ['A'.repeat(65), 'must have at most 64 characters, and has 65: give a shorter name'],
    ['🍏'.repeat(70), 'must have at most 64 characters, and has 70: give a shorter name'],
    [' a', unseen('U+0020', 'at its start')],
    ['BTC USDT', unseen('U+0020', 'after "BTC"')],
    ['a\n', unseen('U+000A', 'after "a"')],
    ['a\u0000', unseen('U+0000', 'after "a"')],
    ['a\u007f', unseen('U+007F', 'after "a"')],
    ['a\u009b', unseen('U+009B', 'after "a"')],
    ['a\u00a0b', unseen('U+00A0', 'after "a"')],
    ['a\u3000b', unseen('U+3000', 'after "a"')],
    ['a\u00adb', unseen('U+00AD', 'after "a"')],
    ['a\u200bb', unseen('U+200B', 'after "a"')],
    ['\ufeffBTC', unseen('U+FEFF', 'at its start')],
    ['BTC\u202eTDSU', unseen('U+202E', 'after "BTC"')],
    ['a\u2066b', unseen('U+2066', 'after "a"')],
    ['a\u2028b', unseen('U+2028', 'after "a"')],
    ['a\ud800', unseen('U+D800', 'after "a"')],
    ['\udc00a', unseen('U+DC00', 'at its start')],
    ['a\u3164', unseen('U+3164', 'after "a"')],
    ['\u2800', unseen('U+2800', 'at its start')],
    ['a\ufe0f', unseen('U+FE0F', 'after "a"')],
    ['a\ue000', unseen('U+E000', 'after "a"')],
    ['a\u{e0041}', unseen('U+E0041', 'after "a"')],
    ['.', 'must be a name, like BRK.B, not only dots or nothing: got "."'],
    ['..', 'must be a name, like BRK.B, not only dots or nothing: got ".."'],
    ...['../x', './x', '/etc', 'x/', 'a//b', 'a/./b', 'a/../b', 'a/...', '/'].map((one) => [one, parts(one)] as const),
  ];
  for (const [symbol, message] of cases) {
    assert.equal(readSymbol(symbol).problem, message, JSON.stringify(symbol));
    const problem = { path: 'template.instrument_id.symbol', code: 'invalid_value', message };
    assert.deepEqual(errorOf(specOf(symbol)).problems, [problem]);
  }
});
