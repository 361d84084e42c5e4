"""The log after it is written: sealed in batches, its roots sent outside, and checked against both."""
