// The rows of a result in the child, as the bytes that are stored and hashed: each is made once, in any order, and no row
// stays as objects. They leave in rank order, in portions that make a short statement each.

import { createHash } from 'node:crypto';
import type { VariantRow } from '@backtest-jobs/engine';
import { canonicalJson } from '@backtest-jobs/engine/internal';
import { PORTION_BYTES, PORTION_TRADES } from '../queue/portions/sizes.ts';
import type { Part } from './messages.ts';

/** The canonical JSON of a row: what comes before its trades, the trades by portions, and what comes after. */
interface KeptRow {
  readonly key: string;
  readonly head: Buffer;
  /** Null: it has none. */
  readonly trades: readonly Buffer[] | null;
  readonly tail: Buffer;
  /** Number of all trades, and whether the canonical JSON says it. */
  readonly total: number;
  readonly counted: boolean;
}

export interface KeptRows {
  readonly count: () => number;
  readonly take: (row: VariantRow) => void;
  /** The portions in rank order; each row is forgotten when its portion is made. */
  readonly portions: (hash: ResultDigest) => Generator<Part>;
}

export function openKeptRows(): KeptRows {
  const rows: (KeptRow | null)[] = [];
  return {
    count: () => rows.length,
    take(row) {
      rows[row.rank - 1] = keptRow(row);
    },
    *portions(hash) {
      let open: Open = emptyPortion();
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at];
        if (!row) throw new Error(`the result has no row of rank ${at + 1}`);
        rows[at] = null;
        hash.row(row);
        const text = storedText(row);
        const trades = Math.min(row.total, PORTION_TRADES);
        if (
          open.ranks.length > 0 &&
          (open.bytes + text.length > PORTION_BYTES || open.trades + trades > PORTION_TRADES)
        ) {
          yield partOf(open);
          open = emptyPortion();
        }
        open.ranks.push(at + 1);
        open.keys.push(row.key);
        open.texts.push(text);
        open.bytes += text.length;
        open.trades += trades;
        if (row.trades === null || row.trades.length < 2) continue;
        yield partOf(open);
        open = emptyPortion();
        for (const [part, some] of row.trades.entries()) {
          if (part > 0) yield { kind: 'trades', rank: at + 1, part_no: part, json: `[${some.toString()}]` };
        }
      }
      if (open.ranks.length > 0) yield partOf(open);
    },
  };
}

export interface ResultDigest {
  readonly row: (row: Pick<KeptRow, 'head' | 'trades' | 'tail'>) => void;
  /** Hex. */
  readonly end: (surfaceHash: string | null) => string;
}

/**
 * sha256 over everything a job found out: equal for equal requests, however often the work was interrupted. It is that of the
 * canonical JSON of `{result, rows, surface}`, which is not made as a whole: with many trades it would be no possible string.
 */
export function openResultDigest(result: object): ResultDigest {
  const hash = createHash('sha256').update(`{"result":${canonicalJson(result)},"rows":[`);
  let first = true;
  return {
    row({ head, trades, tail }) {
      if (!first) hash.update(',');
      first = false;
      hash.update(head);
      for (const [at, some] of (trades ?? []).entries()) {
        if (at > 0) hash.update(',');
        hash.update(some);
      }
      hash.update(tail);
    },
    end: (surfaceHash) => hash.update(`],"surface":${canonicalJson(surfaceHash)}}`).digest('hex'),
  };
}

interface Open {
  readonly ranks: number[];
  readonly keys: string[];
  readonly texts: string[];
  bytes: number;
  trades: number;
}

function emptyPortion(): Open {
  return { ranks: [], keys: [], texts: [], bytes: 0, trades: 0 };
}

function partOf({ ranks, keys, texts }: Open): Part {
  return { kind: 'rows', ranks, variant_keys: keys, json: `[${texts.join()}]` };
}

function keptRow(row: VariantRow): KeptRow {
  const { trades, variant_key: key } = row;
  const total = row.trades_total ?? trades?.length ?? 0;
  const counted = row.trades_total !== undefined;
  if (trades === null) {
    return { key, head: Buffer.from(canonicalJson(row)), trades: null, tail: Buffer.alloc(0), total, counted };
  }
  const members = Object.entries(row).filter(([name]) => name !== 'trades');
  const before = canonicalJson(Object.fromEntries(members.filter(([name]) => name < 'trades')));
  const after = canonicalJson(Object.fromEntries(members.filter(([name]) => name > 'trades')));
  const parts: Buffer[] = [];
  for (let at = 0; at < trades.length; at += PORTION_TRADES) {
    parts.push(
      Buffer.from(
        trades
          .slice(at, at + PORTION_TRADES)
          .map(canonicalJson)
          .join(),
      ),
    );
  }
  const head = Buffer.from(`${before.slice(0, -1)},"trades":[`);
  return { key, head, trades: parts, tail: Buffer.from(`],${after.slice(1)}`), total, counted };
}

/** As it is stored: with the first portion of its trades, and with the number of all. */
function storedText({ head, trades, tail, total, counted }: KeptRow): string {
  const text = `${head.toString()}${trades?.[0]?.toString() ?? ''}${tail.toString()}`;
  return trades === null || counted ? text : `{"trades_total":${total},${text.slice(1)}`;
}
