"""A few windows of W1 through backtesting.py, one run each, as its users write them. All 196 would take minutes.

peer_backtesting.py JOB prints JSON: CPU seconds and total returns in percent of the windows that were run.
"""

import json
import resource
import sys
import time
import warnings

import backtesting
import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy


class AboveAverage(Strategy):
    window = 20
    warmup = 0

    def init(self):
        self.sma = self.I(lambda close: pd.Series(close).rolling(self.window).mean(), self.data.Close)

    def next(self):
        if len(self.data) <= self.warmup:
            return
        if self.data.Close[-1] > self.sma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()


def run(job):
    table = np.fromfile(job["candles"], dtype="<f8").reshape(6, -1)
    frame = pd.DataFrame(table[1:].T, columns=["Open", "High", "Low", "Close", "Volume"])
    frame.index = pd.to_datetime(table[0], unit="ms")
    returns = []
    began = time.process_time()
    for window in job["sample"]:
        # It trades whole units: with this much cash what is left over does not matter.
        test = Backtest(frame, AboveAverage, cash=1e9, commission=job["fee"], trade_on_close=True, finalize_trades=True)
        returns.append(float(test.run(window=window, warmup=job["warmup"])["Return [%]"]))
    return {"seconds": time.process_time() - began, "returns": returns}


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    backtesting.backtesting._tqdm = lambda rows, **_: rows  # no progress bar
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    told = {"w1": run(job), "version": backtesting.__version__}
    told["peak_rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(told))
