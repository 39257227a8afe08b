import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec, SpecError } from '@backtest-jobs/engine';
import { derivedFrom, firstDraft, FRESH, strategyDraft, wishKey, type Parent, type Wish } from './begin.ts';
import { specOf, switchMode } from './draft.ts';
import { fieldsOf } from './fields.ts';
import { at, type PlainObject } from './plain.ts';
import { fieldOf } from './problems.ts';
import { commandOf, curlOf, specOfText, yamlOf } from './texts.ts';

const INSTRUMENT = {
  market_id: 5,
  symbol: '^GSPC',
  series: [{ interval: '1d', start: '2000-01-03T00:00:00.000Z', end: '2020-04-18T00:00:00.000Z' }],
};
const WISH: Wish = { from: '', refine: '', box: {}, widen: '', validate: '', strategy: '' };

test('a first draft can be run as it stands, in each way of writing', () => {
  const draft = firstDraft(INSTRUMENT);
  parseSpec(specOf(draft));
  parseSpec(specOf(switchMode(draft, 'rules', FRESH)));
  assert.throws(() => parseSpec(specOf(switchMode(draft, 'saved', FRESH))), SpecError);
  assert.equal(specOf(strategyDraft('x', INSTRUMENT))['strategy_id'], 'x');
});

test('drafts of different addresses are kept apart', () => {
  const wishes: readonly Wish[] = [
    WISH,
    { ...WISH, from: 'a' },
    { ...WISH, strategy: 'a' },
    { ...WISH, from: 'a', refine: 'plateau' },
    { ...WISH, from: 'a', refine: 'box', box: { sl: '1..2' } },
    { ...WISH, from: 'a', widen: 'sl' },
  ];
  assert.equal(new Set(wishes.map(wishKey)).size, wishes.length);
});

const effective = JSON.parse(JSON.stringify(parseSpec(specOf(firstDraft(INSTRUMENT))))) as PlainObject;
const PARENT: Parent = {
  job_id: 'j',
  name: 'first',
  trials: 160,
  plateau: null,
  best: 0,
  spec: effective,
  axes: [{ key: 'ma.sma.window', indicator_id: 'ma.sma', kind: 'param', name: 'window', length: 10, stride: 4 }],
  risk_axes: [{ key: 'sl', length: 4, stride: 1 }],
  risk_settings: 4,
};

test('a clone says nothing of changes and is exact; what is derived says what was changed', () => {
  const clone = derivedFrom(PARENT, { ...WISH, from: 'j' }, () => null);
  assert.deepEqual(clone.origin, { job_id: 'j', name: 'first', trials: 160, how: '', isExact: true });
  const { runtime: _, ...same } = effective;
  assert.deepEqual(specOf(clone), { ...same, name: 'first' });
  const near = derivedFrom(PARENT, { ...WISH, from: 'j', refine: 'plateau', validate: 'holdout' }, () => null);
  assert.equal(near.origin?.how, 'narrowed around its best, the last 30% held out');
  assert.equal(specOf(near)['name'], 'first, narrowed around the best, the last 30% held out');
  assert.deepEqual(at(specOf(near), ['validation']), { mode: 'holdout', fraction: 0.3 });
  const window = at(specOf(near), ['template', 'indicator_grids', 0, 'params', 'window']);
  assert.deepEqual(window, { mode: 'range', start: 20, stop_incl: 60, step: 20 });
  parseSpec(specOf(near));
  const middle = derivedFrom({ ...PARENT, plateau: 36 }, { ...WISH, refine: 'plateau' }, () => null);
  assert.equal(middle.origin?.how, 'narrowed around its plateau');
});

test('a refinement that cannot be read is a clone', () => {
  assert.equal(derivedFrom(PARENT, { ...WISH, refine: '-1' }, () => null).origin?.how, '');
});

test('every problem with a template has a field, or stands beside the button', () => {
  const { spec } = firstDraft(INSTRUMENT);
  const fields = fieldsOf(spec);
  assert.equal(
    fieldOf('template.indicator_grids[0].params.window.step', fields),
    'template.indicator_grids[0].params.window',
  );
  assert.equal(
    fieldOf('template.signal_grids.momentum.rsi.long_threshold', fields),
    'template.signal_grids.momentum.rsi.long_threshold',
  );
  assert.equal(fieldOf('template.risk_grid.sl.values[0]', fields), 'template.risk_grid.sl');
  assert.equal(fieldOf('template', fields), null);
});

test('texts say the same spec', async () => {
  const { spec } = firstDraft(INSTRUMENT);
  assert.deepEqual(await specOfText(await yamlOf(spec)), spec);
  assert.deepEqual(await specOfText(JSON.stringify(spec)), spec);
  await assert.rejects(specOfText('[1]'), /a spec is an object/);
  const command = curlOf({ name: "it's" }, 'http://h', 'p');
  assert.match(command, /^curl 'http:\/\/h\/api\/backtests\/jobs\?parent_job_id=p'/);
  assert.ok(command.endsWith(String.raw`-d '{"name":"it'\''s"}'`));
  assert.match(await commandOf(spec), /^npm run -s backtest -- submit - --watch <<'SPEC'\n[^]*\nSPEC\n$/);
});
