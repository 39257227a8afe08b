import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { problemAt } from '../lib/problems.ts';
import { Field, SelectField } from '../parts/Field.tsx';
import { symbolIn } from './ledger.ts';
import { askRuntime } from './queries.ts';

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Fields that have a place in the form; problems of others are shown below it. */
export const SENT_FIELDS: readonly string[] = [
  'market_id',
  'symbol',
  'interval',
  'timezone',
  'time_unit',
  'skip_lines',
  'adjust',
  ...COLUMNS.map((name) => `${name}_column`),
];

interface UploadFieldsProps {
  /** Name of the file, which often begins with the symbol. */
  readonly file: string;
  readonly error: unknown;
}

/** What the server must know of a file; what it can find by itself stays empty. */
export function UploadFields({ file, error }: UploadFieldsProps): JSX.Element {
  const { data: runtime } = useQuery(askRuntime);
  const at = (field: string): string | null => problemAt(error, field);
  const needsMore = SENT_FIELDS.slice(3).some((field) => at(field) !== null);
  return (
    <>
      <div className="form row">
        <SelectField label="Market" name="market_id" problem={at('market_id')}>
          {Object.entries(runtime?.markets ?? {}).map(([id, { name }]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <Field
          label="Symbol"
          name="symbol"
          required
          defaultValue={symbolIn(file)}
          placeholder="like BTCUSDT"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          problem={at('symbol')}
        />
        <SelectField label="Interval" name="interval" problem={at('interval')}>
          <option value="">found in the times</option>
          {runtime?.timeframes.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </SelectField>
      </div>
      <details {...(needsMore && { open: true })}>
        <summary>Times, columns, adjusted prices</summary>
        <div className="form row">
          <Field
            label="Zone of the times"
            name="timezone"
            placeholder="UTC"
            hint="where they state none, like America/New_York"
            problem={at('timezone')}
          />
          <SelectField label="Epochs count" name="time_unit" problem={at('time_unit')}>
            <option value="">what fits all rows</option>
            <option value="s">seconds</option>
            <option value="ms">milliseconds</option>
            <option value="us">microseconds</option>
            <option value="ns">nanoseconds</option>
          </SelectField>
          <Field
            label="Lines above the header"
            name="skip_lines"
            type="number"
            min={0}
            max={1000}
            problem={at('skip_lines')}
          />
          <SelectField label="Prices" name="adjust" problem={at('adjust')}>
            <option value="">as they are</option>
            <option value="true">adjusted by Adj Close</option>
          </SelectField>
          {COLUMNS.map((name) => (
            <Field
              key={name}
              label={`Column of the ${name}`}
              name={`${name}_column`}
              placeholder={name === 'volume' ? 'name, number or none' : 'name or number'}
              problem={at(`${name}_column`)}
            />
          ))}
        </div>
      </details>
    </>
  );
}
