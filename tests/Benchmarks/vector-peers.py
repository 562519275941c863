"""hnswlib and faiss on the vectors of two files (32-bit floats), commanded by lines of JSON on standard input, answered alike."""

import json
import resource
import sys
import time

import numpy

dimensions = int(sys.argv[3])
rows = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(-1, dimensions)
queries = numpy.fromfile(sys.argv[2], dtype=numpy.float32).reshape(-1, dimensions)


def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


class Hnswlib:
    def __init__(self, threads, m, ef_construction):
        import hnswlib

        self.index = hnswlib.Index(space="ip", dim=dimensions)
        self.index.init_index(max_elements=len(rows), M=m, ef_construction=ef_construction, random_seed=7)
        self.index.add_items(rows, numpy.arange(len(rows)), num_threads=threads)

    def search(self, some, limit, effort, threads):
        self.index.set_ef(max(effort, limit))
        return self.index.knn_query(some, k=limit, num_threads=threads)[0]


class Faiss:
    """An inverted file of exact vectors: effort is the lists that are read. Debian's build has no AVX2, so only recall counts."""

    def __init__(self, threads, lists, _):
        import faiss

        self.faiss = faiss
        faiss.omp_set_num_threads(threads)
        quantizer = faiss.IndexFlatIP(dimensions)
        self.index = faiss.IndexIVFFlat(quantizer, dimensions, lists, faiss.METRIC_INNER_PRODUCT)
        self.index.train(rows[: 50 * lists])
        self.index.add(rows)
        self.quantizer = quantizer

    def search(self, some, limit, effort, threads):
        self.faiss.omp_set_num_threads(threads)
        self.index.nprobe = effort
        return self.index.search(some, limit)[1]


peers = {}


def build(peer, threads, first, second):
    before, started = resident(), time.perf_counter()
    peers[peer] = {"hnswlib": Hnswlib, "faiss": Faiss}[peer](threads, first, second)
    return {"seconds": time.perf_counter() - started, "bytes": resident() - before}


def run(peer, limit, effort, threads, seconds):
    """Whole rounds of all queries at once, and single ones for the times of each."""
    found = peers[peer].search(queries, limit, effort, threads)
    rounds, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        peers[peer].search(queries, limit, effort, threads)
        rounds += 1
    rate = rounds * len(queries) / (time.perf_counter() - started)
    times = []
    for query in queries[:200]:
        at = time.perf_counter()
        peers[peer].search(query.reshape(1, -1), limit, effort, 1)
        times.append(time.perf_counter() - at)
    times.sort()
    return {"rate": rate, "p99": 1000 * times[int(len(times) * 0.99)], "ids": found.tolist()}


def has(peer):
    try:
        __import__(peer)
        return {"present": True}
    except ImportError:
        return {"present": False}


for line in sys.stdin:
    command = json.loads(line)
    action = {"build": build, "run": run, "has": has}[command.pop("do")]
    print(json.dumps(action(**command)), flush=True)
