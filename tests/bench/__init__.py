"""`make bench`: measurements as ratios, beside the smallest possible Django app on the same servers (docs/benchmarks.md). Fails on no figure."""
