import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decidedBy } from './verdict.ts';

const OLD = {
  luck: 'likely',
  trials: 968_808,
  sharpe_annual: 0.79,
  lucky_sharpe_annual: 1.47,
  deflated_sharpe: 0.01,
  overfitting_probability: 0.97,
};

const by = (more: object): string => decidedBy({ ...OLD, ...more } as never);

test('a list says what decided: the luck test, the loss out of sample, else the formula', () => {
  assert.equal(by({ p: 0.42, as_good: 41, of: 99, loss_probability: 0.8 }), 'as good in 41 of 99');
  assert.equal(by({ p: 0.04, as_good: 3, of: 99, loss_probability: 0.8 }), 'loses unseen 80%');
  assert.equal(by({ p: 0.04, as_good: 3, of: 99, loss_probability: 0.2 }), 'as good in 3 of 99');
  assert.equal(by({ p: null, as_good: null, of: null, loss_probability: null }), '0.79, luck 1.47');
  assert.equal(by({}), '0.79, luck 1.47', 'of a version without a luck test');
  assert.equal(by({ deflated_sharpe: 0.7 }), 'choice fails 97%');
  assert.equal(by({ deflated_sharpe: 0.7, overfitting_probability: 0.1 }), '70% sure');
  assert.equal(by({ deflated_sharpe: null, overfitting_probability: null }), '');
});
