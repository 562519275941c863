using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Serverless.Ingest.Analyzers;
using Serverless.Media;

namespace Serverless.GpuBatch;

/// <summary>
/// What a worker does with its jobs; batches of models are in the meter of the models. The seconds in which it had any job in hand, divided
/// by those that passed, are its busy share. Lives as long as the process; thread-safe.
/// </summary>
internal sealed class GpuBatchMeter : IDisposable
{
    public const string Name = "Serverless.GpuBatch";

    private static readonly double[] Boundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400];

    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly BusyTime _busy;
    private readonly Counter<long> _jobs;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _batches;
    private readonly Counter<long> _reports;
    private readonly Counter<long> _lost;

    public GpuBatchMeter(IMeterFactory meters, TimeProvider time)
    {
        (_time, _busy, _meter) = (time, new BusyTime(time), meters.Create(Name));
        _jobs = _meter.CreateCounter<long>("serverless.gpu_batch.jobs", "{job}", "Hand-outs of jobs by kind and outcome");
        _durations = _meter.CreateHistogram(
            "serverless.gpu_batch.job.duration",
            "s",
            "From the hand-out of a job to its end, by kind and outcome",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries }
        );
        _batches = _meter.CreateCounter<long>("serverless.gpu_batch.batches", "{batch}", "Looks at a queue that gave jobs");
        _reports = _meter.CreateCounter<long>(
            "serverless.gpu_batch.heartbeats",
            "{report}",
            "Reports that this worker lives, by outcome: written, failed"
        );
        _lost = _meter.CreateCounter<long>("serverless.gpu_batch.leases.lost", "{lease}", "Jobs that another worker may have taken over");
        _lost.Add(0); // shown from the start, so that the first one is an increase
        _meter.CreateObservableCounter("serverless.gpu_batch.busy.time", () => _busy.Total.TotalSeconds, "s", "Time with a job in hand");
        _meter.CreateObservableGauge("serverless.gpu_batch.jobs.active", () => _busy.Count, "{job}", "Jobs in hand");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Ends with the hand-out.</summary>
    public MeasuredJob JobTaken()
    {
        _busy.Enter();
        return new MeasuredJob(this, _time.GetTimestamp());
    }

    /// <param name="jobs">None for a look that gave no jobs, which does not count.</param>
    public void BatchTaken(int jobs)
    {
        if (jobs > 0)
        {
            _batches.Add(1);
        }
    }

    public void Reported(bool isWritten) => _reports.Add(1, new KeyValuePair<string, object?>("outcome", isWritten ? "written" : "failed"));

    internal void JobEnded(MediaKind? kind, JobOutcome outcome, long taken)
    {
        _busy.Leave();
        TagList tags = new()
        {
            { "kind", kind is { } known ? EntryKind.Of(known) : "unknown" },
            { "outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()) },
        };
        _jobs.Add(1, tags);
        _durations.Record(_time.GetElapsedTime(taken).TotalSeconds, tags);
        if (outcome == JobOutcome.LeaseLost)
        {
            _lost.Add(1);
        }
    }
}

/// <summary>One hand-out of a job, measured until it is disposed. For one thread at a time.</summary>
internal sealed class MeasuredJob(GpuBatchMeter meter, long taken) : IDisposable
{
    /// <summary>Null for what is no job at all.</summary>
    public MediaKind? Kind { get; set; }

    /// <summary>Failed, unless something else is said.</summary>
    public JobOutcome Outcome { get; set; } = JobOutcome.Failed;

    public void Dispose() => meter.JobEnded(Kind, Outcome, taken);
}
