"""What if: many readings of one case in one go, exact curves over the level of a fund, and thresholds.

`sweep` makes the runs, `curve` the exact curve, `threshold` the least level, `timing` the latest and earliest
years. All of them work on a Case that has been read, with patches as `--set` writes them.
"""
