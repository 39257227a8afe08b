import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from './ask-api.ts';
import { fit, fitProblems, MOST_ANSWER_BYTES, short } from './fit.ts';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('an answer has its JSON twice, as structure and as text, with numbers of six digits', () => {
  const { structuredContent, content } = fit({ a: 1 / 3, b: 1_234_567_890_123, c: [{ d: -2.00000049 }], e: null }, []);
  assert.deepEqual(structuredContent, { a: 0.333333, b: 1_234_567_890_123, c: [{ d: -2 }], e: null });
  assert.deepEqual(content, [{ type: 'text', text: JSON.stringify(structuredContent) }]);
});

test('the longest list gives way, from its end, and what is missing is counted', () => {
  const few = Array.from({ length: 3 }, (_, i) => ({ i }));
  const many = Array.from({ length: 900 }, (_, i) => ({ i, text: '"é"'.repeat(9) }));
  const result = fit({ few, many }, ['few', 'many']);
  const told = result.structuredContent as { few: unknown[]; many: { i: number }[]; left_out: Record<string, number> };
  assert.ok(bytes(result) <= MOST_ANSWER_BYTES, `${bytes(result)} bytes`);
  assert.ok(bytes(result) > MOST_ANSWER_BYTES / 2, `${bytes(result)} bytes: more is left out than must be`);
  assert.deepEqual(told.few, few);
  assert.deepEqual(
    told.many.map(({ i }) => i),
    many.slice(0, told.many.length).map(({ i }) => i),
  );
  assert.deepEqual(told.left_out, { many: 900 - told.many.length });
});

test('what is too large without its lists is an error, and no endless loop', () => {
  const text = 'x'.repeat(MOST_ANSWER_BYTES);
  assert.throws(() => fit({ text, list: [1, 2] }, ['list']), new Refusal(500, 'too_large', messageOf()));
  function messageOf(): string {
    return `the answer is above ${MOST_ANSWER_BYTES} bytes: ask the API itself for it`;
  }
});

test('an error keeps all problems that have room, and says how many there are', () => {
  const problems = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      path: `template.params.p${i}`,
      code: 'invalid_value',
      message: 'must be "x"',
    }));
  const told = { code: 'validation_error', message: 'm' };
  const few = { ...told, details: { errors: problems(50) } };
  assert.deepEqual(fitProblems(few), few);
  const cut = fitProblems({ ...told, details: { errors: problems(2000) } });
  const { errors, errors_total } = cut.details as { errors: unknown[]; errors_total: number };
  assert.equal(errors_total, 2000);
  assert.deepEqual(errors, problems(2000).slice(0, errors.length));
  assert.ok(errors.length >= 80, `${errors.length} of 2000`);
  assert.ok(
    bytes({ content: [{ type: 'text', text: JSON.stringify({ error: cut }) }], isError: true }) <= MOST_ANSWER_BYTES,
  );
});

test('a text is cut at its end', () => {
  assert.equal(short('abcdef', 6), 'abcdef');
  assert.equal(short('abcdefg', 6), 'abcde…');
});
