// The markets of backtest.yaml: their keys, and what they say of a market. Of session markets they say when and where the
// day begins; the engine gets it with the offsets of the zone.

import { DEFAULTS, type Defaults } from '@backtest-jobs/engine';
import { CALENDARS } from '@backtest-jobs/engine/internal';
import { nullable, number, oneOf, section, shortText, type Rule, type YamlPart } from './strict-yaml.ts';
import { isZone, zoneOffsets } from './zones.ts';

export const marketKeys = section({
  name: shortText(),
  calendar: oneOf(CALENDARS),
  periods_per_year: number({ above: 0, max: 1_000_000 }),
  day_begins: nullable(timeOfDay()),
  zone: nullable(zoneName()),
});

/** Keys of a market as they are, with defaults filled in. */
type MarketKeys = typeof marketKeys extends YamlPart<infer T> ? T : never;
type Markets = Readonly<Record<string, MarketKeys>>;

export const MARKETS_BY_DEFAULT: Markets = Object.fromEntries(
  Object.entries(DEFAULTS.markets).map(([id, market]) => [id, { ...market, day_begins: null, zone: null }]),
);

function timeOfDay(): Rule<string> {
  return {
    says: 'must be a time of day from "00:00" to "23:59"',
    accepts: (value): value is string => typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
    fallback: null,
  };
}

function zoneName(): Rule<string> {
  return {
    says: 'must be a zone of the IANA, like America/New_York or UTC',
    accepts: (value): value is string => typeof value === 'string' && isZone(value),
    fallback: null,
  };
}

/** Lists what is wrong with the keys of a market together, by key. */
export function dayProblems(market: MarketKeys): readonly { readonly key: string; readonly says: string }[] {
  if (market.calendar === 'session') return [];
  const given = (['day_begins', 'zone'] as const).filter((key) => market[key] !== null);
  const says = 'is for a market with calendar: session; one that never closes has the UTC day';
  return given.map((key) => ({ key, says }));
}

/** Rules of a market. */
export interface MarketRules extends Omit<MarketKeys, 'day_begins' | 'zone'> {
  /** Time of day, hh:mm, and zone of the IANA at which its day begins; null: at 00:00 UTC. */
  readonly day: { readonly begins: string; readonly zone: string } | null;
}

/**
 * Returns the rules of a market that the configuration has. Of the time of day and the zone either may be left out: the
 * day begins at midnight, or at that time in UTC.
 */
export function marketOf(markets: Markets, id: number | string): MarketRules {
  const market = markets[id];
  if (market === undefined) throw new RangeError(`the configuration has no market ${id}`);
  const { day_begins, zone, ...rules } = market;
  const day = { begins: day_begins ?? '00:00', zone: zone ?? 'UTC' };
  return { ...rules, day: day.begins === '00:00' && day.zone === 'UTC' ? null : day };
}

/** Describes the markets to the engine, which knows no zones. */
export function engineMarkets(markets: Markets): Defaults['markets'] {
  const described = Object.keys(markets).map((id) => {
    const { day, ...rules } = marketOf(markets, id);
    return [id, { ...rules, ...(day !== null && { day: { ...day, offsets: zoneOffsets(day.zone) } }) }] as const;
  });
  return Object.fromEntries(described);
}
