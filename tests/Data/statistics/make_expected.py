#!/usr/bin/python3
"""Writes expected.json: what SciPy makes of drawn samples, for the tests of shifts. Needs Debian's python3-scipy."""
import json, os
import numpy as np
import scipy
from scipy import stats
from scipy.spatial import distance

draw = np.random.default_rng(20210401)


def spread(reference, current):
    """Samples in the same order, whose equal values are taken in turn."""
    both = np.unique(np.concatenate([reference, current]))
    place = lambda sample: np.concatenate([i + (np.arange(k) + 0.5) / k for i, k in enumerate((sample == value).sum() for value in both) if k])
    return np.round(place(reference), 9), np.round(place(current), 9)


def numbers(name, reference, current, exact):
    reference, current = (np.round(sample, 4) for sample in (reference, current))
    ks = {method: stats.ks_2samp(reference, current, method=method) for method in ("exact", "asymp")}
    cvm = stats.cramervonmises_2samp(*spread(reference, current), method="asymptotic")
    deviation = np.std(reference, ddof=1)
    iqr = np.subtract(*np.percentile(reference, [75, 25]))
    wasserstein = stats.wasserstein_distance(reference, current)
    return {"name": name, "reference": reference.tolist(), "current": current.tolist(),
            "ks": ks["exact"].statistic, "ksExact": ks["exact"].pvalue, "ksAsymptotic": ks["asymp"].pvalue,
            "cvm": cvm.statistic, "cvmAsymptotic": cvm.pvalue,
            "cvmExact": stats.cramervonmises_2samp(*spread(reference, current), method="exact").pvalue if exact else None,
            "wasserstein": wasserstein, "wassersteinDeviations": wasserstein / deviation, "wassersteinIqr": wasserstein / iqr}


def counts(name, reference, current):
    table = np.array([reference, current], dtype=float)
    chi2 = stats.chi2_contingency(table, correction=False)
    g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    p, q = table / table.sum(axis=1, keepdims=True)
    smooth = table + 0.5
    a, b = smooth / smooth.sum(axis=1, keepdims=True)
    return {"name": name, "reference": reference, "current": current, "chi2": chi2[0], "chi2P": chi2[1], "g": g[0], "gP": g[1],
            "jensenShannon": distance.jensenshannon(p, q, base=2), "hellinger": np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / np.sqrt(2),
            "stabilityIndex": float(np.sum((a - b) * np.log(a / b)))}


def rows(m, n, dimension, shift):
    x = np.round(draw.normal(size=(m, dimension)), 3)
    y = np.round(draw.normal(size=(n, dimension)) + shift, 3)
    sigma = np.median(distance.pdist(np.vstack([x, y])))
    kernel = lambda a, b: np.exp(-distance.cdist(a, b, "sqeuclidean") / (2 * sigma**2))
    mean = lambda k: (k.sum() - np.trace(k)) / (len(k) * (len(k) - 1))
    mmd = mean(kernel(x, x)) + mean(kernel(y, y)) - 2 * kernel(x, y).mean()
    between = distance.cdist(x, y).mean()
    energy = 2 * between - distance.pdist(x).mean() - distance.pdist(y).mean()
    return {"dimension": dimension, "reference": x.ravel().tolist(), "current": y.ravel().tolist(), "median": sigma, "mmd": mmd,
            "energy": energy, "energyShare": max(0, energy) / (2 * between)}


expected = {
    "scipy": scipy.__version__,
    "numbers": [
        numbers("small", draw.normal(size=8), draw.normal(1, size=11), True),
        numbers("equal sizes", draw.normal(size=12), draw.normal(size=12), True),
        numbers("ties", draw.integers(0, 4, 9), draw.integers(1, 5, 12), True),
        numbers("far", draw.normal(size=10), draw.normal(6, size=10), True),
        numbers("middle", draw.normal(size=150), draw.normal(0.2, size=90), False),
        numbers("scale", draw.normal(size=400), draw.normal(0, 1.4, size=300), False),
        numbers("integers", draw.poisson(4, 300), draw.poisson(4.6, 250), False),
        numbers("one few", draw.normal(size=300), draw.normal(0.5, size=5), False),
    ],
    "kolmogorov": [{"n": n, "d": d, "above": float(stats.kstwo.sf(d, n))}
                   for n in (1, 3, 10, 47, 140, 141, 500, 5000, 500000)
                   for d in (round(z / n**0.5, 6) for z in (0.3, 0.55, 0.8, 1.1, 1.36, 1.48, 1.7, 2.3, 4.0)) if d < 1],
    "chiSquared": [{"x": x, "degrees": k, "above": float(stats.chi2.sf(x, k))}
                   for k in (1, 2, 5, 30, 400) for x in (0.01, 0.5, 3.84, 20.0, 90.0, 380.0, 450.0)],
    "counts": [
        counts("equal", [100, 200, 300], [50, 100, 150]),
        counts("shifted", [120, 90, 40, 7], [80, 100, 66, 15]),
        counts("large", [10**9, 2 * 10**9, 3 * 10**9], [1_000_010_000, 2 * 10**9, 3 * 10**9]),
        counts("new category", [500, 500, 0], [450, 520, 30]),
    ],
    "embeddings": [rows(40, 30, 3, 0.5), rows(35, 45, 5, 0)],
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.json"), "w", newline="\n") as out:
    lines = []
    for key, value in expected.items():
        if isinstance(value, list):
            value = "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]"
        else:
            value = json.dumps(value)
        lines.append(f"{json.dumps(key)}: {value}")
    out.write("{\n" + ",\n".join(lines) + "\n}\n")
