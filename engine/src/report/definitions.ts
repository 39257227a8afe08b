// What rows of a report mean where their name alone does not say it, and other programs mean something else.

export const DEFINITIONS: Readonly<Record<string, string>> = {
  'Avg. Drawdown [%]': 'mean over all bars of the fall from the running peak, 0 on bars without one',
  Expectancy: 'mean return of a trade in percent, equal to Avg. Trade [%]',
};
