using System.Diagnostics;
using System.Diagnostics.Metrics;
using Serverless.Captures;
using Serverless.Serving.Fleet;

namespace Serverless.Serving;

/// <summary>What predictions tell of themselves, by arm; the model server has the parts of their times. Lives as long as the app.</summary>
public sealed class PredictionMeter : IDisposable
{
    public const string Name = "Serverless.Predictions";

    private readonly Meter _meter;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _mirrored;
    private readonly Histogram<double> _overheads;

    private readonly ServingTally _tally;

    public PredictionMeter(IMeterFactory meters, ServingTally tally)
    {
        _tally = tally;
        _meter = meters.Create(Name);
        _requests = _meter.CreateCounter<long>(
            "predictions.requests",
            "{request}",
            "Requests by model, version, environment, arm and status"
        );
        _durations = _meter.CreateHistogram<double>("predictions.request.duration", "s", "From a request's arrival to its answer");
        _overheads = _meter.CreateHistogram(
            "predictions.request.overhead",
            "s",
            "Of that, what is neither queue, input, inference nor output",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.1] }
        );
        _mirrored = _meter.CreateCounter<long>(
            "predictions.mirrored",
            "{request}",
            "Requests for a shadow version by what became of them: compared, failed, dropped"
        );
    }

    public void Answered(CaptureRecord record, double milliseconds)
    {
        _tally.Add(record, milliseconds);
        TagList tags = TagsOf(record.Model, record.Version, record.Environment, record.Arm);
        _durations.Record(milliseconds / 1_000, tags);
        if (record.Times is { } times)
        {
            _overheads.Record(times.Overhead / 1_000, tags);
        }
        tags.Add("status", record.Status);
        _requests.Add(1, tags);
    }

    public void Mirrored(CaptureRecord record, int shadow, string outcome)
    {
        TagList tags = TagsOf(record.Model, shadow, record.Environment, record.Arm);
        tags.Add("outcome", outcome);
        _mirrored.Add(1, tags);
    }

    public void Dispose() => _meter.Dispose();

    private static TagList TagsOf(string model, int version, string environment, string arm) =>
        new()
        {
            { "model", model },
            { "version", version },
            { "environment", environment },
            { "arm", arm },
        };
}
