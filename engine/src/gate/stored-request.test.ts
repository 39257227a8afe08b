import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGrid, riskAt, valuesAt } from '../grid/grid.ts';
import { inOrderOfSpec, payloadOf } from '../grid/variant.ts';
import { canonicalJson } from '../identity/canonical.ts';
import { walk } from '../rules/reads.ts';
import { NO_RISK } from '../simulate/setting.ts';
import { requestHash, requestJson, type Spec } from '../spec.ts';
import { dayOf, sessionSpec } from '../testing/sessions.ts';
import { specInput } from '../testing/specs.ts';
import { readPayload } from './parse-payload.ts';
import { parseSpec } from './parse-spec.ts';
import { specFromRequest, storedRequest, type StoredRequest } from './stored-request.ts';

const SPEC = parseSpec(specInput());

test('a stored request comes back as the spec, and its version is no part of its hash', () => {
  const { name, priority } = SPEC;
  const stored = JSON.parse(JSON.stringify(storedRequest(SPEC)));
  assert.equal(stored.spec_version, 2);
  const again = specFromRequest({ ...stored, name, priority });
  assert.deepEqual(again, SPEC);
  assert.equal(requestHash(again), requestHash(SPEC));
});

test('a request without a version is completed with what it meant', () => {
  const { validation: _, ...older } = requestJson(SPEC);
  assert.equal(specFromRequest({ ...older, warmup_bars: 77 }).validation, null);
  assert.equal(specFromRequest({ ...older, warmup_bars: 77 }).warmup_bars, 77);
  const validation = { mode: 'holdout', fraction: 0.3 };
  assert.deepEqual(specFromRequest({ ...older, validation }).validation, validation);
});

test('rules of 0.1.0 that leave the annualisation of hv out meant 365 in every market; payloads of them too', () => {
  const rules = { long: 'hv(close, 20) > 30', short: 'hv(close, 20, 252) > 40' };
  const template = { instrument_id: { market_id: 5, symbol: 'X' }, indicator_grids: undefined, rules };
  const { spec_version: _, ...older } = storedRequest(parseSpec(specInput({}, template)));
  const meant = (request: StoredRequest): readonly (number | null)[] => {
    const spec = specFromRequest({ ...request, name: null, priority: 0 });
    const of = (one: Spec): readonly number[] => {
      const found: number[] = [];
      const { long, short } = buildGrid(one).strategy.rules;
      for (const rule of [long, short])
        if (rule !== null)
          walk(rule, (part) => {
            if (part.kind === 'indicator' && part.params[1].kind === 'number') found.push(part.params[1].value);
          });
      return found;
    };
    const payload = payloadOf(spec, {}, NO_RISK);
    assert.deepEqual(of(readPayload(spec, payload)), of(spec));
    return of(spec);
  };
  assert.deepEqual(meant(older), [365, 252]);
  assert.deepEqual(meant({ spec_version: 1, ...older }), [252, 252]);
  const continuous = storedRequest(
    parseSpec(specInput({}, { ...template, instrument_id: { market_id: 1, symbol: 'X' } })),
  );
  assert.deepEqual(specFromRequest({ ...continuous, spec_version: 0 }).runtime, continuous['runtime']);
});

test('the day of a market is part of the request and its hash; without one it is the UTC day', () => {
  const range = { start: '2024-01-01T00:00:00Z', end: '2024-02-01T00:00:00Z' };
  const [evening, morning] = ['17:00', '09:30'].map((begins) =>
    sessionSpec(dayOf(begins, 'America/New_York'), range, '1h'),
  );
  assert.notEqual(requestHash(evening), requestHash(morning));
  const again = specFromRequest({ ...storedRequest(evening), name: null, priority: 0 });
  assert.equal(requestHash(again), requestHash(evening));
  for (const spec_version of [0, 1]) {
    const older = specFromRequest({ ...storedRequest(SPEC), spec_version });
    assert.equal(older.runtime.day, undefined);
    assert.equal(requestHash(older), requestHash(SPEC));
  }
});

test('a request of before the luck test asks for none, whatever is usual since', () => {
  const { luck: _, ...older } = requestJson(SPEC);
  for (const version of [{}, { spec_version: 1 }]) {
    const { luck, ...rest } = specFromRequest({ ...version, ...older });
    assert.deepEqual(luck, { permutations: 0, variants: 0 });
    assert.deepEqual(rest, { ...older });
  }
  const luck = { permutations: 19, variants: 6 };
  assert.deepEqual(specFromRequest({ spec_version: 2, ...older, luck }).luck, luck);
});

test('a request of a newer version is not read', () => {
  assert.throws(() => specFromRequest({ ...storedRequest(SPEC), spec_version: 99 }), /spec_version 99.*up to 2/);
});

test('parameters come back in the order of the user, though a database sorts its members', () => {
  const values = (...list: number[]) => ({ mode: 'explicit', values: list });
  const params = { slow: values(20, 30), fast: values(5), m: values(1, 2) };
  const template = { indicator_grids: undefined, rules: { long: 'sma(close, fast) > sma(close, slow) * m' }, params };
  const spec = parseSpec(specInput({}, template));
  const kept = JSON.parse(canonicalJson(storedRequest(spec)));
  const paramsOf = (read: typeof spec) => ('rules' in read.template ? Object.keys(read.template.params) : []);
  assert.deepEqual(paramsOf(specFromRequest(kept)), ['slow', 'fast', 'm']);
  // The order is for the eye: index and hash are those of the same spec in any order.
  const other = parseSpec(
    specInput({}, { ...template, params: { m: params.m, fast: params.fast, slow: params.slow } }),
  );
  assert.equal(requestHash(other), requestHash(spec));
  const grids = [spec, other].map((one) => buildGrid(one));
  assert.deepEqual(valuesAt(grids[0], 3), valuesAt(grids[1], 3));
});

test('a payload that a database has sorted is put in order', () => {
  const spec = parseSpec(
    specInput({}, { indicator_grids: [{ indicator_id: 'momentum.macd' }, { indicator_id: 'momentum.rsi' }] }),
  );
  const grid = buildGrid(spec);
  const payload = payloadOf(spec, valuesAt(grid, 0) ?? {}, riskAt(grid, 0));
  const sorted = JSON.parse(canonicalJson(payload)) as typeof payload;
  assert.notEqual(JSON.stringify(sorted.indicator_selections), JSON.stringify(payload.indicator_selections));
  const { indicator_selections, signal_params } = inOrderOfSpec(sorted);
  assert.equal(
    JSON.stringify(indicator_selections.map(({ params }) => params)),
    JSON.stringify(payload.indicator_selections.map(({ params }) => params)),
  );
  assert.equal(JSON.stringify(signal_params), JSON.stringify(payload.signal_params));
  const odd = {} as typeof payload;
  assert.equal(inOrderOfSpec(odd), odd, 'what is no payload stays as it is');
});
