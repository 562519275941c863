namespace Serverless.Runs;

/// <summary>Counts what a filter admits, and remembers when each was created until the span of the histogram is known.</summary>
internal sealed class RunCounter(RunFilter filter)
{
    public const int MaxBuckets = 60;

    private const int Bins = 5;

    /// <summary>Seconds that people count in, so that buckets begin at round times.</summary>
    private static readonly long[] Widths =
    [
        .. new long[] { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200 },
        .. new long[] { 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000, 315_360_000 },
    ];

    private readonly Dictionary<string, int> _outcomes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly int[] _kinds = new int[Enum.GetValues<RunKind>().Length];
    private readonly int[] _statuses = new int[Enum.GetValues<RunStatus>().Length];
    private readonly List<(long Created, RunStatus Status)> _admitted = [];
    private long _first = long.MaxValue;
    private long _last = long.MinValue;

    public RunSummary Count(ReadOnlySpan<RunEntry> runs)
    {
        foreach (RunEntry run in runs)
        {
            Count(run);
        }
        (long from, long width, int count) = Scale();
        int[] bins = new int[count * Bins];
        foreach ((long created, RunStatus status) in _admitted)
        {
            bins[(created - from) / width * Bins + BinOf(status)]++;
        }
        return new RunSummary(
            _admitted.Count,
            CountsOf<RunKind>(_kinds),
            CountsOf<RunStatus>(_statuses),
            _outcomes,
            _names,
            count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(from),
            width,
            [.. bins.Chunk(Bins).Select(bin => new RunBucket(bin[0], bin[1], bin[2], bin[3], bin[4]))]
        );
    }

    /// <summary>By name, those that are not none.</summary>
    private static Dictionary<string, int> CountsOf<T>(int[] counts)
        where T : struct, Enum =>
        Enum.GetNames<T>()
            .Zip(counts)
            .Where(pair => pair.Second > 0)
            .ToDictionary(pair => pair.First.ToLowerInvariant(), pair => pair.Second);

    private void Count(RunEntry run)
    {
        if (!filter.AdmitsWhatever(run))
        {
            return;
        }
        (bool hasStatus, bool hasOutcome, bool hasName) = (filter.HasStatus(run), filter.HasOutcome(run), filter.HasName(run));
        if (hasStatus && hasOutcome && hasName)
        {
            _kinds[(int)run.Kind]++;
        }
        if (!filter.HasKind(run))
        {
            return;
        }
        if (hasOutcome && hasName)
        {
            _statuses[(int)run.Status]++;
        }
        if (hasStatus && hasName && filter.OutcomeOf(run) is { } outcome)
        {
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        }
        if (hasStatus && hasOutcome)
        {
            _names[run.Name] = _names.GetValueOrDefault(run.Name) + 1;
        }
        if (hasStatus && hasOutcome && hasName)
        {
            long created = run.Created.ToUnixTimeSeconds();
            _admitted.Add((created, run.Status));
            (_first, _last) = (Math.Min(_first, created), Math.Max(_last, created));
        }
    }

    private (long From, long Width, int Count) Scale()
    {
        if (_admitted.Count == 0)
        {
            return (0, 0, 0);
        }
        // Where the filter names no end, the histogram spans what there is.
        long first = Math.Min(_first, filter.From?.ToUnixTimeSeconds() ?? _first);
        long last = Math.Max(_last, filter.To?.AddTicks(-1).ToUnixTimeSeconds() ?? _last);
        foreach (long width in Widths)
        {
            long from = first - (first % width + width) % width;
            if ((last - from) / width < MaxBuckets)
            {
                return (from, width, (int)((last - from) / width) + 1);
            }
        }
        return (_first, _last - _first + 1, 1);
    }

    private static int BinOf(RunStatus status) =>
        status switch
        {
            RunStatus.Completed => 0,
            RunStatus.Running => 1,
            RunStatus.Failed => 2,
            RunStatus.Terminated => 3,
            _ => 4,
        };
}
