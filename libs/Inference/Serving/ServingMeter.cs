using System.Diagnostics;
using System.Diagnostics.Metrics;

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
    internal void Observe(
        Func<long> residentBytes,
        Func<IEnumerable<Measurement<long>>> queuedCost,
        Func<IReadOnlyList<ModelSpending>> spending
    )
    {
        _meter.CreateObservableCounter(
            "serverless.model.processor.time",
            () => spending().SelectMany(SecondsOf),
            "s",
            "Seconds inside ONNX Runtime by model, version and provider: cpu of processors, cuda of the GPU."
        );
        _meter.CreateObservableGauge("serving.model.memory", residentBytes, "By", "Estimated memory of the loaded models.");
        _meter.CreateObservableGauge("serving.queue.cost", queuedCost, "{unit}", "Tokens, pixels or elements that wait.");
    }

    private static IEnumerable<Measurement<double>> SecondsOf(ModelSpending spent)
    {
        yield return Seconds(spent, "cpu", spent.Processor);
        if (spent.Gpu > TimeSpan.Zero)
        {
            yield return Seconds(spent, "cuda", spent.Gpu);
        }
    }

    private static Measurement<double> Seconds(ModelSpending spent, string provider, TimeSpan time) =>
        new(
            time.TotalSeconds,
            new TagList
            {
                { "model", spent.Model },
                { "version", spent.Version },
                { "provider", provider },
            }
        );
}
