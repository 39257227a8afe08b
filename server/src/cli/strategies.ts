// backtest strategies: the templates that the API keeps under names, for specs that say strategy_id instead of template.

import { API_OPTIONS, openClient } from './client.ts';
import { command, INVOCATION, UsageError, wholeNumber } from './command.ts';
import { print, printTable } from './show/table.ts';
import { readSpecFile } from './specfile.ts';

interface Strategy {
  readonly strategy_id: string;
  readonly name: string;
  readonly created_at: string;
}

interface StrategyPage {
  readonly items: readonly (Strategy & {
    readonly instrument_id: { readonly market_id: number; readonly symbol: string };
    readonly timeframe: string;
  })[];
  readonly next_cursor: string | null;
}

export const strategiesSave = command({
  name: 'strategies save',
  about: 'Saves the template of a spec (JSON or YAML, - for stdin) under a name and prints the id for strategy_id.',
  takes: ['SPEC'],
  options: {
    ...API_OPTIONS,
    name: { value: 'NAME', about: 'what to call it (else the name of the spec)' },
    json: { about: 'print the strategy' },
  },
  examples: ['strategies save spec.yaml --name "sma with stops"'],
  run: async (values, [path]) => {
    const file = await readSpecFile(path);
    if (typeof file.input !== 'object' || file.input === null) throw new UsageError(`${path} is no spec`);
    const spec: { readonly name?: unknown; readonly template?: unknown } = file.input;
    const body = { name: values.name ?? spec.name, template: spec.template };
    const saved = await file.check(() => openClient(values.api).post<Strategy>('/strategies', body));
    print(values.json ? JSON.stringify(saved) : saved.strategy_id);
    return 0;
  },
});

export const strategiesList = command({
  name: 'strategies list',
  about: 'Lists your saved strategies, newest first.',
  takes: [],
  options: {
    ...API_OPTIONS,
    limit: { value: 'N', about: 'at most N strategies (20)' },
    cursor: { value: 'CURSOR', about: 'go on where the page before ended' },
    json: { about: 'print the page as {items, next_cursor}' },
  },
  examples: ['strategies list', 'strategies list --limit 100 --json'],
  run: async (values) => {
    const query = new URLSearchParams({ limit: String(wholeNumber('--limit', values.limit, 1, 250) ?? 20) });
    if (values.cursor !== undefined) query.set('cursor', values.cursor);
    const page = await openClient(values.api).get<StrategyPage>(`/strategies?${query.toString()}`);
    if (values.json) print(JSON.stringify(page));
    else if (page.items.length === 0) print(`no strategies; ${INVOCATION} strategies save SPEC makes one`);
    else showPage(page);
    return 0;
  },
});

function showPage({ items, next_cursor }: StrategyPage): void {
  printTable(
    [
      { title: 'strategy' },
      { title: 'instrument' },
      { title: 'timeframe' },
      { title: 'created' },
      { title: 'name', gives: true },
    ],
    items.map(({ strategy_id, name, created_at, timeframe, instrument_id: { market_id, symbol } }) => [
      strategy_id,
      `${market_id}:${symbol}`,
      timeframe,
      `${created_at.slice(0, 19)}Z`,
      name,
    ]),
  );
  if (next_cursor !== null) print(`more: --cursor ${next_cursor}`);
}

export const strategiesDelete = command({
  name: 'strategies delete',
  about: 'Deletes a saved strategy. Jobs that have used it stay as they are.',
  takes: ['STRATEGY'],
  options: { ...API_OPTIONS, json: { about: 'print {strategy_id}' } },
  examples: ['strategies delete 01890a5d-ac96-774b-bcce-b302099a8057'],
  run: async (values, [id]) => {
    const gone = await openClient(values.api).delete<object>(`/strategies/${encodeURIComponent(id)}`);
    print(values.json ? JSON.stringify(gone) : 'deleted');
    return 0;
  },
});
