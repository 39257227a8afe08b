-- Which jobs ran on an instrument is asked when its candles change.

create index backtest_job_requests_instrument on backtest_job_requests (
  (request_json #>> '{template,instrument_id,market_id}'), left(request_json #>> '{template,instrument_id,symbol}', 200), job_id
);
