using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// Counts runs of orchestrations and executions of activities by the turns that this process took. A turn is told the run's history and
/// answers with what is to happen, so it sees the first of them and the last. It does not see a run that is terminated or purged from
/// outside, and one whose answer the run store did not take counts again with its repetition. A run that goes on as new counts as a run for
/// each of its parts. Names are those of the app's own functions, so that series are few. Thread-safe.
/// </summary>
internal sealed class RunMeter : IDisposable
{
    public const string Name = "Serverless.Runs";

    /// <summary>From a short ingest to a promotion that waits a week for its approval.</summary>
    private static readonly double[] Boundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 21_600, 86_400, 604_800];

    private readonly Meter _meter;
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _activities;

    public RunMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _started = _meter.CreateCounter<long>("serverless.orchestration.started", "{run}", "Runs whose first turn was taken, by name");
        _ended = _meter.CreateCounter<long>(
            "serverless.orchestration.ended",
            "{run}",
            "Runs by name and the state that they ended in: completed, failed, continued_as_new"
        );
        _durations = _meter.CreateHistogram(
            "serverless.orchestration.duration",
            "s",
            "From the start of a run to its end",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries }
        );
        _activities = _meter.CreateHistogram<double>(
            "serverless.activity.duration",
            "s",
            "Executions of activities, by name and outcome: ok, failed"
        );
    }

    public void Dispose() => _meter.Dispose();

    public void TurnTaken(string name, OrchestrationTurn turn, DateTimeOffset now)
    {
        TagList tags = new() { { "name", name } };
        if (turn.IsFirst)
        {
            _started.Add(1, tags);
        }
        if (turn.EndState is not { } state)
        {
            return;
        }
        tags.Add("state", state);
        _ended.Add(1, tags);
        if (turn.Started is { } started)
        {
            _durations.Record((now - started).TotalSeconds, tags);
        }
    }

    public void ActivityExecuted(string name, bool isOk, TimeSpan time) =>
        _activities.Record(time.TotalSeconds, new TagList { { "name", name }, { "outcome", isOk ? "ok" : "failed" } });
}
