using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// How many runs of orchestrations there are, by name and state, as the process that keeps their index saw it last. Of a name that was seen
/// each state is told, also with none. Names are those of the app's own functions and those that an index of older editions may hold, so
/// they are bounded. Thread-safe.
/// </summary>
public sealed class RunGauges : IDisposable
{
    /// <summary>Names beyond are counted together.</summary>
    internal const int MaxNames = 50;

    internal const string Others = "(others)";

    /// <summary>Looks come every minute.</summary>
    internal static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(3);

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal); // touched by the one look at a time alone
    private volatile Seen? _seen;

    private sealed record Seen(IReadOnlyList<(string Name, RunStatus State, int Count)> Runs, long At);

    public RunGauges(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(RunMeter.Name);
        _meter.CreateObservableGauge("serverless.orchestration.runs", Read, "{run}", "Runs that are known, by name and state");
    }

    /// <summary>For one at a time.</summary>
    public async Task LookAsync(RunIndex index, CancellationToken cancellationToken) => Look(await index.TallyAsync(cancellationToken));

    public void Dispose() => _meter.Dispose();

    internal void Look(IReadOnlyDictionary<RunTallyKey, int> runs)
    {
        Dictionary<(string, RunStatus), int> counts = [];
        foreach ((RunTallyKey key, int count) in runs.Where(run => run.Key.Kind == RunKind.Orchestration))
        {
            string name = _names.Contains(key.Name) || _names.Count < MaxNames ? key.Name : Others;
            if (name != Others)
            {
                _names.Add(name);
            }
            counts[(name, key.Status)] = counts.GetValueOrDefault((name, key.Status)) + count;
        }
        IEnumerable<string> told = counts.Keys.Any(key => key.Item1 == Others) ? _names.Append(Others) : _names;
        _seen = new Seen(
            [
                .. told.SelectMany(name =>
                    Enum.GetValues<RunStatus>().Select(state => (name, state, counts.GetValueOrDefault((name, state))))
                ),
            ],
            _time.GetTimestamp()
        );
    }

    private IEnumerable<Measurement<long>> Read() =>
        _seen is { } seen && _time.GetElapsedTime(seen.At) <= KeptFor
            ? seen.Runs.Select(one => new Measurement<long>(
                one.Count,
                new TagList { { "name", one.Name }, { "state", one.State.ToString().ToLowerInvariant() } }
            ))
            : [];
}
