using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>What serving tells of itself: one meter and one activity source of this name for each server.</summary>
public sealed class ServingMeter : IDisposable
{
    public const string Name = "Serverless.Inference";

    private readonly Meter _meter = new(Name);

    internal ServingMeter()
    {
        Requests = _meter.CreateCounter<long>(
            "serving.requests",
            "{request}",
            "Requests by model, version, task and outcome (ok, a fault's name, cancelled, failed)."
        );
        Times = _meter.CreateHistogram<double>(
            "serving.request.duration",
            "s",
            "Parts of a request's time: overhead, queue, input, infer, output."
        );
        BatchItems = _meter.CreateHistogram<long>("serving.batch.items", "{item}", "Items in a batch.");
        BatchCost = _meter.CreateHistogram<long>("serving.batch.cost", "{unit}", "Tokens, pixels or elements in a batch.");
        Batches = _meter.CreateCounter<long>("serving.batches", "{batch}", "Batches by why they left: full, delay, deadline, idle.");
        Loads = _meter.CreateCounter<long>("serving.model.loads", "{load}", "Loads of models by outcome.");
        LoadTime = _meter.CreateHistogram<double>("serving.model.load.duration", "s", "From the package to the end of the warm-up.");
        Evictions = _meter.CreateCounter<long>("serving.model.evictions", "{model}", "Models pushed out for others.");
    }

    internal ActivitySource Activities { get; } = new(Name);
    internal Counter<long> Requests { get; }
    internal Histogram<double> Times { get; }
    internal Histogram<long> BatchItems { get; }
    internal Histogram<long> BatchCost { get; }
    internal Counter<long> Batches { get; }
    internal Counter<long> Loads { get; }
    internal Histogram<double> LoadTime { get; }
    internal Counter<long> Evictions { get; }

    public void Dispose()
    {
        _meter.Dispose();
        Activities.Dispose();
    }

    /// <summary>Read whenever metrics are collected.</summary>
    internal void Observe(Func<long> residentBytes, Func<IEnumerable<Measurement<long>>> queuedCost)
    {
        _meter.CreateObservableGauge("serving.model.memory", residentBytes, "By", "Estimated memory of the loaded models.");
        _meter.CreateObservableGauge("serving.queue.cost", queuedCost, "{unit}", "Tokens, pixels or elements that wait.");
    }
}

/// <summary>The meter with one model version's tags, and the sums since that version was loaded. Thread-safe.</summary>
internal sealed class ModelMeter(ServingMeter meter, ModelVersion model)
{
    private static readonly string[] Reasons = [.. Enum.GetNames<LeaveReason>().Select(n => n.ToLowerInvariant())];

    private readonly ModelTally _tally = new(model);

    public ModelVersion Model { get; } = model;

    public ModelStatistics Statistics => _tally.Read();

    public Activity? Start(string task) =>
        meter.Activities.StartActivity(task)?.SetTag("model", Model.Name).SetTag("version", Model.Version);

    public void BatchLeft(int items, long cost, LeaveReason reason)
    {
        TagList tags = Tags();
        meter.BatchItems.Record(items, tags);
        meter.BatchCost.Record(cost, tags);
        tags.Add("reason", Reasons[(int)reason]);
        meter.Batches.Add(1, tags);
    }

    /// <param name="rows">Those that were answered.</param>
    public void Ran(long rows, in RunTimes times)
    {
        if (rows > 0)
        {
            _tally.Ran(rows, times);
        }
    }

    public void Answered(string task, in RequestTimes times, DateTimeOffset now)
    {
        _tally.Answered(times, now);
        Ended(task, "ok");
        Time("overhead", times.Overhead);
        Time("queue", times.Queue);
        Time("input", times.Input);
        Time("infer", times.Infer);
        Time("output", times.Output);
    }

    public void Failed(string task, string outcome, TimeSpan lasted, DateTimeOffset now)
    {
        _tally.Failed(lasted, now);
        Ended(task, outcome);
    }

    public TagList Tags() => new() { { "model", Model.Name }, { "version", Model.Version } };

    private void Ended(string task, string outcome)
    {
        TagList tags = Tags();
        tags.Add("task", task);
        tags.Add("outcome", outcome);
        meter.Requests.Add(1, tags);
    }

    private void Time(string part, TimeSpan time)
    {
        TagList tags = Tags();
        tags.Add("part", part);
        meter.Times.Record(time.TotalSeconds, tags);
    }
}
