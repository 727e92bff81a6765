"""Pure rules: standard library only, numpy and scipy inside the functions that need them.

No clock, no unseeded randomness, no I/O.
"""
