// The CH_ variables. They are checked whenever they are set, whichever candle source is chosen, so that a typing error
// shows when it is made.

import type { Env } from './paths.ts';

/** Where a ClickHouse is and who asks it. */
export interface ClickHouseSettings {
  readonly kind: 'clickhouse';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** https, and whether its certificate must be good. */
  readonly secure: boolean;
  readonly verify: boolean;
}

interface Rule {
  readonly names: readonly string[];
  readonly says: string;
  readonly accepts: (value: string) => boolean;
}

const flag = { says: 'must be 0 or 1', accepts: (value: string) => value === '0' || value === '1' };
const printable = { says: 'must not contain control characters', accepts: (value: string) => !/\p{Cc}/u.test(value) };

const RULES: readonly Rule[] = [
  {
    names: ['CH_HOST'],
    says: 'must be a host name or address, without scheme, port or path',
    accepts: (value) => /^[\w.-]+$/.test(value) || (value.includes(':') && /^\[?[\da-f:.]+\]?$/i.test(value)),
  },
  {
    names: ['CH_PORT'],
    says: 'must be a port from 1 to 65535',
    accepts: (value) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535,
  },
  {
    names: ['CH_DATABASE'],
    says: 'must be a name of letters, digits and _ that does not begin with a digit',
    accepts: (value) => /^[A-Za-z_]\w{0,127}$/.test(value),
  },
  { names: ['CH_USER', 'CLICKHOUSE_USER'], ...printable },
  { names: ['CH_PASSWORD', 'CLICKHOUSE_PASSWORD'], ...printable },
  { names: ['CH_SECURE'], ...flag },
  { names: ['CH_VERIFY'], ...flag },
];

interface Found {
  /** Is a ClickHouse configured at all? Empty counts as not set. */
  readonly configured: boolean;
  /** Every variable that is wrong, and its rule. */
  readonly problems: readonly string[];
  /** To be used when there is no problem. */
  readonly settings: ClickHouseSettings;
}

export function clickHouseSettings(env: Env): Found {
  const problems: string[] = [];
  for (const { names, says, accepts } of RULES) {
    for (const name of names) {
      const value = env[name];
      if (!value || accepts(value)) continue;
      problems.push(name.endsWith('PASSWORD') ? `${name} ${says}` : `${name} ${says}, not ${JSON.stringify(value)}`);
    }
  }
  const configured = Object.entries(env).some(([name, value]) => /^(CH|CLICKHOUSE)_/.test(name) && Boolean(value));
  const settings: ClickHouseSettings = {
    kind: 'clickhouse',
    host: (env['CH_HOST'] || 'localhost').replace(/^\[|\]$/g, ''),
    port: Number(env['CH_PORT'] || 8123),
    database: env['CH_DATABASE'] || 'market_data',
    user: env['CH_USER'] || env['CLICKHOUSE_USER'] || 'default',
    password: env['CH_PASSWORD'] || env['CLICKHOUSE_PASSWORD'] || '',
    secure: env['CH_SECURE'] === '1',
    verify: env['CH_VERIFY'] !== '0',
  };
  return { configured, problems, settings };
}
