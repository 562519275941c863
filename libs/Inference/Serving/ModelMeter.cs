using System.Diagnostics;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

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
