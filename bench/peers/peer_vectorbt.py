"""W1, W2 and W3 through vectorbt, in the fastest form found that a user of it would write: one from_signals call for each
group of columns (all windows of one threshold, all stops of one variant), because one call for all needs gigabytes.

peer_vectorbt.py JOB ENGINE prints JSON: for each workload the median CPU seconds and the total returns in percent.
"""

import json
import resource
import statistics
import sys
import time

import numpy as np
import pandas as pd
import vectorbt as vbt


def columns_of(job):
    table = np.fromfile(job["candles"], dtype="<f8").reshape(6, -1)
    return pd.Series(table[4], index=pd.to_datetime(table[0], unit="ms"))


def averages(job, close):
    return vbt.MA.run(close, job["windows"]).ma.to_numpy()[job["warmup"] :]


def wilder_rsi(job, close):
    change = close.diff()
    mean = lambda moves: moves.ewm(alpha=1 / job["rsi"], adjust=False, min_periods=job["rsi"]).mean()
    gain, loss = mean(change.clip(lower=0)), mean(-change.clip(upper=0))
    return (100 - 100 / (1 + gain / loss)).to_numpy()[job["warmup"] :]


def starts(holds):
    """Where a condition begins to hold: a position that a stop has ended is not entered again before that."""
    before = np.zeros_like(holds)
    before[1:] = holds[:-1]
    return holds & ~before


def total_returns(close, job, **signals):
    portfolio = vbt.Portfolio.from_signals(
        close, fees=job["fee"], init_cash=job["cash"], stop_exit_price="close", freq="1h", engine=ENGINE, **signals
    )
    return np.atleast_1d(portfolio.total_return()) * 100


def w1(job):
    close = columns_of(job)
    price = close.to_numpy()[job["warmup"] :, None]
    above = price > averages(job, close)
    return total_returns(close.iloc[job["warmup"] :], job, entries=above, exits=~above)


def sides(job, close):
    price = close.to_numpy()[job["warmup"] :, None]
    average = averages(job, close)
    rsi = wilder_rsi(job, close)[:, None]
    return price > average, price < average, rsi


def w2(job):
    close = columns_of(job)
    above, below, rsi = sides(job, close)
    shorts = below & (rsi >= job["short"])
    returns = []
    for threshold in job["thresholds"]:
        longs = above & (rsi <= threshold)
        returns.append(
            total_returns(
                close.iloc[job["warmup"] :], job, entries=longs, exits=~longs, short_entries=shorts, short_exits=~shorts
            )
        )
    return np.stack(returns, axis=1).ravel()  # the threshold is the last axis


def w3(job):
    close = columns_of(job)
    above, below, rsi = sides(job, close)
    sl, tp = (axis.reshape(1, -1) / 100 for axis in np.meshgrid(job["sl"], job["tp"], indexing="ij"))
    returns = []
    for window, threshold in job["bases"]:
        longs = above[:, [window]] & (rsi <= job["thresholds"][threshold])
        shorts = below[:, [window]] & (rsi >= job["short"])
        returns.append(
            total_returns(
                close.iloc[job["warmup"] :],
                job,
                entries=starts(longs),
                exits=~longs,
                short_entries=starts(shorts),
                short_exits=~shorts,
                sl_stop=sl,
                tp_stop=tp,
            )
        )
    return np.concatenate(returns)


def smaller(job):
    """Enough to compile everything."""
    return job | {
        "windows": job["windows"][:2],
        "thresholds": job["thresholds"][:1],
        "bases": [[0, 0]],
        "sl": job["sl"][:1],
        "tp": job["tp"][:2],
    }


def measured(work, job):
    work(smaller(job))
    taken = []
    while len(taken) < 3 and sum(taken) < 5:
        began = time.process_time()
        returns = work(job)
        taken.append(time.process_time() - began)
    return {"seconds": statistics.median(taken), "returns": returns.tolist()}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        JOB = json.load(file)
    ENGINE = sys.argv[2]
    told = {work.__name__: measured(work, JOB) for work in (w1, w2, w3)}
    told["peak_rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    told["version"] = vbt.__version__
    print(json.dumps(told))
