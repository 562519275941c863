using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Serving;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Serverless.Serving.Work;
using Serverless.Unit.Captures;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Serving;

/// <summary>Shadow traffic that never gets on: what it takes stays within its bounds, and the rest is counted.</summary>
public sealed class ShadowTrafficLimitsTests
{
    [Theory]
    [InlineData(3, 1 << 20, 7), InlineData(100, 5 << 20, 5)]
    public async Task Add_BeyondTheBounds_DropsAndCounts(int maxPending, long maxBytes, int dropped)
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        List<string> mirrored = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "predictions.mirrored" && instrument.Meter.Scope == meters)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => mirrored.Add(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")) + $" {value}")
        );
        listener.Start();
        using PredictionMeter meter = new(meters, new ServingTally(new ObjectiveOptions()));
        await using ModelServer models = new(TestModels.Runtime, (_, _) => Task.FromResult(""), new ServingOptions(), TimeProvider.System);
        PredictionOptions options = new() { MaxPendingMirrors = maxPending, MaxPendingMirrorBytes = maxBytes };
        using CaptureWriter captures = new(null!, new CaptureOptions(), TimeProvider.System, NullLogger<CaptureWriter>.Instance);
        using ShadowTraffic shadows = new(
            models,
            captures,
            options,
            meter,
            _ => 500,
            TimeProvider.System,
            NullLogger<ShadowTraffic>.Instance
        );
        for (int i = 0; i < 10; i++)
        {
            shadows.Add(JobOf(maxPending < 10 ? 1_000 : 1 << 20));
        }

        Assert.Equal(Enumerable.Repeat("model=m version=2 environment=prod arm=stable outcome=dropped 1", dropped), mirrored);
    }

    private static ShadowJob JobOf(int bytes)
    {
        NamedTensor tensor = new("a", "UINT8", [bytes]) { Data = new byte[bytes] };
        OutputView view = new("tensors", [], [], 0);
        return new ShadowJob(
            new TensorsWork(new TensorRequest([tensor])),
            TestCaptures.Prediction(TestCaptures.Start, "m"),
            new WorkOutcome(new object(), new Lazy<OutputView>(view), default, 1),
            Shadow: 2
        );
    }
}
