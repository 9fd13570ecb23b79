"""`make bench`: measurements as ratios to the smallest possible Django app on the same servers (docs/benchmarks.md). It
prints figures beside their targets, and never fails because of one.
"""
