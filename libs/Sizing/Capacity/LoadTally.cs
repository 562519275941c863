using Serverless.Statistics.Sequential;

namespace Serverless.Sizing.Capacity;

/// <summary>What became of the requests that were due in one part of a load, or answered in it.</summary>
/// <param name="Start">From the start of the load.</param>
/// <param name="Due">How many were to leave in it.</param>
/// <param name="Answered">How many were answered in it, whenever they were due.</param>
/// <param name="Failed">Of those that were due in it.</param>
/// <param name="Backlog">How many were due and not answered when it ended.</param>
/// <param name="Latencies">Of those that were due in it and answered well.</param>
public sealed record LoadWindow(
    TimeSpan Start,
    TimeSpan Lasts,
    long Due,
    long Answered,
    long Failed,
    long Backlog,
    double MeanMilliseconds,
    LatencyHistogram Latencies
);

/// <summary>The requests of one sort.</summary>
/// <param name="Statuses">How many there were of each status; 0 stands for no answer.</param>
public sealed record LoadSort(string Name, LatencyHistogram Latencies, IReadOnlyDictionary<int, long> Statuses)
{
    public long Failed => Statuses.Where(status => status.Key is not (>= 200 and < 300)).Sum(status => status.Value);
}

/// <summary>
/// Counts the requests of a load by windows and sorts: memory does not grow with their number. Thread-safe.
/// </summary>
/// <param name="lasts">For how long requests are due.</param>
public sealed class LoadTally(TimeSpan lasts, int windows)
{
    private const int MostStatuses = 1_000;

    private readonly Lock _lock = new();
    private readonly Part[] _parts = [.. Enumerable.Range(0, windows).Select(_ => new Part())];
    private readonly SortedDictionary<string, Sort> _sorts = new(StringComparer.Ordinal);
    private readonly LatencyHistogram _lags = new();

    /// <param name="lag">How long after it was due the generator sent it.</param>
    public void Add(string sort, TimeSpan due, TimeSpan lag, TimeSpan answered, int status)
    {
        bool isGood = status is >= 200 and < 300;
        double milliseconds = Math.Max(0, (answered - due).TotalMilliseconds); // timers may fire a little early
        lock (_lock)
        {
            Part part = PartAt(due);
            part.Due++;
            if (answered < lasts)
            {
                PartAt(answered).Answered++; // what comes after the end relieves no window's backlog
            }
            _lags.Add(Math.Max(0, lag.TotalMilliseconds));
            if (!_sorts.TryGetValue(sort, out Sort? counts))
            {
                _sorts.Add(sort, counts = new Sort());
            }
            int known = counts.Statuses.ContainsKey(status) || counts.Statuses.Count < MostStatuses ? status : 0;
            counts.Statuses[known] = counts.Statuses.GetValueOrDefault(known) + 1;
            if (!isGood)
            {
                part.Failed++;
                return;
            }
            part.Latencies.Add(milliseconds);
            part.Milliseconds += milliseconds;
            counts.Latencies.Add(milliseconds);
        }
    }

    /// <summary>How late the generator sent requests.</summary>
    public LatencyHistogram Lags
    {
        get
        {
            lock (_lock)
            {
                return Copy(_lags);
            }
        }
    }

    public IReadOnlyList<LoadSort> Sorts
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _sorts.Select(sort => new LoadSort(
                        sort.Key,
                        Copy(sort.Value.Latencies),
                        new SortedDictionary<int, long>(sort.Value.Statuses)
                    )),
                ];
            }
        }
    }

    public IReadOnlyList<LoadWindow> Windows
    {
        get
        {
            lock (_lock)
            {
                List<LoadWindow> found = [];
                long backlog = 0;
                for (int i = 0; i < _parts.Length; i++)
                {
                    Part part = _parts[i];
                    backlog += part.Due - part.Answered;
                    found.Add(
                        new LoadWindow(
                            lasts / _parts.Length * i,
                            lasts / _parts.Length,
                            part.Due,
                            part.Answered,
                            part.Failed,
                            backlog,
                            part.Latencies.Total == 0 ? 0 : part.Milliseconds / part.Latencies.Total,
                            Copy(part.Latencies)
                        )
                    );
                }
                return found;
            }
        }
    }

    private Part PartAt(TimeSpan at) => _parts[Math.Clamp((int)(at / lasts * _parts.Length), 0, _parts.Length - 1)];

    private static LatencyHistogram Copy(LatencyHistogram histogram)
    {
        LatencyHistogram copy = new();
        copy.Add(histogram);
        return copy;
    }

    private sealed class Part
    {
        public long Due { get; set; }
        public long Answered { get; set; }
        public long Failed { get; set; }
        public double Milliseconds { get; set; }
        public LatencyHistogram Latencies { get; } = new();
    }

    private sealed class Sort
    {
        public LatencyHistogram Latencies { get; } = new();
        public SortedDictionary<int, long> Statuses { get; } = [];
    }
}
