using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Serving;
using Serverless.Serving.Work;
using Serverless.Telemetry;
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
        using PrometheusText metrics = new(new TelemetryOptions());
        using PredictionMeter meter = new(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        await using ModelServer models = new(TestModels.Runtime, (_, _) => Task.FromResult(""), new ServingOptions(), TimeProvider.System);
        PredictionOptions options = new() { MaxPendingMirrors = maxPending, MaxPendingMirrorBytes = maxBytes };
        using CaptureWriter captures = new(null!, new CaptureOptions(), TimeProvider.System, NullLogger<CaptureWriter>.Instance);
        using ShadowTraffic shadows = new(
            models,
            captures,
            new CaptureOptions(),
            options,
            meter,
            _ => 500,
            TimeProvider.System,
            NullLogger<ShadowTraffic>.Instance
        );
        string model = $"m{Guid.NewGuid():N}";

        for (int i = 0; i < 10; i++)
        {
            shadows.Add(JobOf(model, maxPending < 10 ? 1_000 : 1 << 20));
        }

        Assert.Contains(
            $"predictions_mirrored_total{{model=\"{model}\",version=\"2\",environment=\"prod\",arm=\"stable\",outcome=\"dropped\"}} "
                + $"{dropped}",
            metrics.Render(),
            StringComparison.Ordinal
        );
    }

    private static ShadowJob JobOf(string model, int bytes)
    {
        NamedTensor tensor = new("a", "UINT8", [bytes]) { Data = new byte[bytes] };
        OutputView view = new("tensors", [], [], 0);
        return new ShadowJob(
            new TensorsWork(new TensorRequest([tensor])),
            TestCaptures.Prediction(TestCaptures.Start, model),
            new WorkOutcome(new object(), new Lazy<OutputView>(view), default, 1),
            Shadow: 2
        );
    }
}
