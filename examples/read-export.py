"""Reads the scores of a job that were exported as Parquet; its parameters are columns.

    npm run -s backtest -- export JOB --what surface --out scores.parquet
    python3 examples/read-export.py scores.parquet
"""

import sys

import pandas
import polars

path = sys.argv[1]

# With pandas: the best five, and the best for each value of the first parameter.
scores = pandas.read_parquet(path)
metric, parameter = scores.columns[-1], scores.columns[1]
print(scores.nlargest(5, metric).to_string(index=False))
print(scores.groupby(parameter)[metric].max().to_string())

# With polars: the same frame, and how many variants made money.
frame = polars.read_parquet(path)
print(f"{frame.height} variants, {frame.filter(polars.col(metric) > 0).height} above 0")
