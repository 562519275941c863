namespace Serverless.Runs;

/// <summary>Which orchestrations ran, which functions started them, and what they asked for.</summary>
/// <param name="Runs">By the name of the orchestration.</param>
/// <param name="Untold">Runs that have ended and of which the index does not know what they asked for: they ended before it wrote that,
/// or nobody saw their last turn.</param>
public sealed record RunGraph(IReadOnlyDictionary<string, RunTally> Runs, IReadOnlyList<RunEdge> Edges, int Untold)
{
    internal static RunGraph Of(ReadOnlySpan<RunEntry> runs, RunFilter filter)
    {
        Dictionary<string, RunTally> tallies = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<(string, string), RunEdge> edges = new(EdgeComparer.Instance);
        Dictionary<string, IReadOnlyList<RunCall>> read = new(StringComparer.Ordinal);
        int untold = 0;
        foreach (RunEntry run in runs)
        {
            if (!filter.Admits(run))
            {
                continue;
            }
            int failed = run.Status == RunStatus.Failed ? 1 : 0;
            RunTally before = tallies.GetValueOrDefault(run.Name) ?? new RunTally(0, 0, 0);
            tallies[run.Name] = new RunTally(before.Count + 1, before.Failed + failed, before.Open + (run.HasEnded ? 0 : 1));
            // A run that another started has the tags of that one, which it was not started by.
            if (run.Parent is null && RunTag.Find(run.Tags, RunTag.Starter) is { } starter)
            {
                Add(starter, run.Name, 1, failed);
            }
            if (run.Calls is null)
            {
                untold += run.HasEnded ? 1 : 0;
                continue;
            }
            if (!read.TryGetValue(run.Calls, out IReadOnlyList<RunCall>? calls))
            {
                read[run.Calls] = calls = RunCalls.Read(run.Calls);
            }
            foreach (RunCall call in calls)
            {
                Add(run.Name, call.Name, call.Count, call.Failed);
            }
        }
        return new RunGraph(tallies, [.. edges.Values], untold);

        void Add(string from, string to, int count, int failed)
        {
            RunEdge known = edges.GetValueOrDefault((from, to)) ?? new RunEdge(from, to, 0, 0);
            edges[(from, to)] = known with { Count = known.Count + count, Failed = known.Failed + failed };
        }
    }

    /// <summary>The engine takes names in any case.</summary>
    private sealed class EdgeComparer : IEqualityComparer<(string From, string To)>
    {
        public static readonly EdgeComparer Instance = new();

        public bool Equals((string From, string To) x, (string From, string To) y) =>
            string.Equals(x.From, y.From, StringComparison.OrdinalIgnoreCase)
            && string.Equals(x.To, y.To, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string From, string To) edge) =>
            HashCode.Combine(
                StringComparer.OrdinalIgnoreCase.GetHashCode(edge.From),
                StringComparer.OrdinalIgnoreCase.GetHashCode(edge.To)
            );
    }
}

/// <param name="Open">That have not ended.</param>
public sealed record RunTally(int Count, int Failed, int Open);

/// <summary>One function asked for another so often, or started so many runs of it.</summary>
/// <param name="Failed">Of those.</param>
public sealed record RunEdge(string From, string To, int Count, int Failed);
