-- The table of one-minute candles that the ClickHouse reader reads, in the database of CH_DATABASE (market_data).
-- A bar may be written again at any time: the reader counts the row that was ingested last, whether parts were merged or
-- not. ts_open is the open of the minute in UTC, ts_close its end. The reader needs market_id, symbol, ts_open, open,
-- high, low, close, volume_base and ingested_at; further columns are never read.
create table if not exists canonical_candles_1m
(
    market_id UInt16,
    symbol LowCardinality(String),
    ts_open DateTime64(3, 'UTC'),
    ts_close DateTime64(3, 'UTC'),
    open Float64,
    high Float64,
    low Float64,
    close Float64,
    volume_base Float64,
    source LowCardinality(String) default '',
    ingested_at DateTime64(3, 'UTC') default now64(3, 'UTC')
)
engine = ReplacingMergeTree(ingested_at)
partition by toYYYYMM(ts_open)
order by (market_id, symbol, ts_open);
