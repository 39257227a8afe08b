// A combobox of the instruments that have candles. What is typed asks the server; arrows and Enter choose.

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type JSX, type KeyboardEvent } from 'react';
import { findInstruments, type Instrument } from '../queries.ts';

interface PickerProps {
  readonly id: string;
  readonly symbol: string;
  /** What its market is called. */
  readonly note: string;
  readonly aria: object;
  readonly onPick: (instrument: Instrument) => void;
}

export function InstrumentPicker({ id, symbol, note, aria, onPick }: PickerProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const [current, setCurrent] = useState(0);
  const isOpen = typed !== null;
  const asked = useQuery({ ...findInstruments(useDeferredValue(typed ?? '')), enabled: isOpen });
  const items = asked.data?.items ?? [];
  const pick = (one: Instrument | undefined): void => {
    if (one !== undefined) onPick(one);
    setTyped(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' && !isOpen) setTyped('');
    else if (event.key === 'ArrowDown') setCurrent((now) => Math.min(items.length - 1, now + 1));
    else if (event.key === 'ArrowUp') setCurrent((now) => Math.max(0, now - 1));
    else if (event.key === 'Escape' && isOpen) setTyped(null);
    else if (event.key === 'Enter' && isOpen && !event.ctrlKey && !event.metaKey) pick(items[current]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        {...aria}
        id={id}
        className="input"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(isOpen && items[current] !== undefined && { 'aria-activedescendant': `${id}-${current}` })}
        autoComplete="off"
        spellCheck={false}
        value={typed ?? symbol}
        onFocus={({ target }) => target.select()}
        onClick={() => setTyped((now) => now ?? '')}
        onBlur={() => setTyped(null)}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          setTyped(target.value);
          setCurrent(0);
        }}
      />
      {!isOpen && <span className="note">{note}</span>}
      <ul id={`${id}-list`} role="listbox" aria-label="Instruments" className="floating menu options" hidden={!isOpen}>
        {items.map((one, position) => (
          <li
            key={`${one.market_id} ${one.symbol}`}
            id={`${id}-${position}`}
            role="option"
            aria-selected={position === current}
            onPointerDown={(event) => {
              event.preventDefault();
              pick(one);
            }}
          >
            <b>{one.symbol}</b>
            <span className="ink-3">{one.market ?? `market ${one.market_id}`}</span>
            <span className="note num">
              {one.series.map(({ interval }) => interval).join(', ')} {one.series[0]?.start.slice(0, 4)} to{' '}
              {one.series.at(-1)?.end.slice(0, 4)}
            </span>
          </li>
        ))}
        {isOpen && asked.isSuccess && items.length === 0 && <li className="ink-3">No candles of such an instrument</li>}
      </ul>
    </>
  );
}
