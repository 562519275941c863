#!/usr/bin/env python3
"""Mean discrepancy with a permutation test as one writes it with scikit-learn: rbf_kernel, then the mean of each permuted block.

discrepancy-peer.py ROWS DIMENSIONS FIRST PERMUTATIONS SIGMA: float32 rows of both windows, the first so many of the reference. Writes
the unbiased MMD² (Gretton et al. 2012, eq. 3) and the seconds as JSON.
"""
import json
import sys
import time

import numpy
from sklearn.metrics.pairwise import rbf_kernel

rows = numpy.fromfile(sys.argv[1], dtype="float32").reshape(-1, int(sys.argv[2]))
first, permutations, sigma = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])


def discrepancy(kernel, reference):
    m, n = reference.sum(), (~reference).sum()
    inner = kernel[numpy.ix_(reference, reference)].sum() - m
    outer = kernel[numpy.ix_(~reference, ~reference)].sum() - n
    between = kernel[numpy.ix_(reference, ~reference)].sum()
    return inner / (m * (m - 1)) + outer / (n * (n - 1)) - 2 * between / (m * n)


begun = time.perf_counter()
kernel = rbf_kernel(rows, gamma=0.5 / sigma**2)
reference = numpy.arange(len(rows)) < first
value = discrepancy(kernel, reference)
random = numpy.random.default_rng(1)
as_large = sum(discrepancy(kernel, random.permutation(reference)) >= value for _ in range(permutations))
print(json.dumps({"value": float(value), "p": (1 + int(as_large)) / (permutations + 1), "seconds": time.perf_counter() - begun}))
