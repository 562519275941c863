using System.Collections.Concurrent;
using Serverless.Captures;
using Serverless.Serving.Objectives;

namespace Serverless.Serving.Fleet;

/// <summary>Counts what this process answers. Thread-safe.</summary>
public sealed class ServingTally(ObjectiveOptions objectives)
{
    /// <summary>Versions in environments; those beyond are counted together.</summary>
    public const int MaxLines = 200;

    private const string Others = "(others)";
    private const int Ok = 200,
        TooMany = 429,
        ServerFault = 500;

    private readonly ConcurrentDictionary<(string Environment, string Model, int Version), Counter> _counters = new();

    public IReadOnlyList<ServingLine> Lines =>
        [
            .. _counters
                .Select(counter => new ServingLine(counter.Key.Environment, counter.Key.Model, counter.Key.Version, counter.Value.Read()))
                .OrderBy(line => line.Key),
        ];

    public void Add(CaptureRecord record, double milliseconds)
    {
        bool isFailed = record.Status is TooMany or >= ServerFault;
        if (!isFailed && record.Status != Ok)
        {
            return;
        }
        var key = (record.Environment, record.Model, record.Version);
        if (!_counters.ContainsKey(key) && _counters.Count >= MaxLines)
        {
            key = (Others, Others, 0);
        }
        bool isSlow = !isFailed && milliseconds > objectives.Of(record.Model).LatencyMilliseconds;
        _counters
            .GetOrAdd(key, _ => new Counter())
            .Add(new ServingCounts(1, isFailed ? 1 : 0, isSlow ? 1 : 0, isFailed ? 0 : milliseconds));
    }

    private sealed class Counter
    {
        private readonly Lock _lock = new();
        private ServingCounts _counts;

        public void Add(ServingCounts counts)
        {
            lock (_lock)
            {
                _counts = _counts.Add(counts);
            }
        }

        public ServingCounts Read()
        {
            lock (_lock)
            {
                return _counts;
            }
        }
    }
}
