using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Alerts;
using Serverless.Captures;
using Serverless.Functions.Azure.Runs;
using Serverless.GpuBatch;
using Serverless.Inference.Serving;
using Serverless.Ingest.Metrics;
using Serverless.Serving;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Serverless.Storage;
using Serverless.Telemetry;

namespace Serverless.Unit.Infra;

/// <summary>
/// The names of all series that our meters write once each instrument has a value: the instruments are those that the meters really create,
/// and the exporter makes the names.
/// </summary>
internal static class WrittenMetrics
{
    public static async Task<IReadOnlySet<string>> ReadAsync()
    {
        using Meter mirror = new($"Serverless.Mirror{Guid.NewGuid():N}");
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddTelemetry(options =>
            {
                options.Meters.Clear();
                options.Meters.Add(mirror.Name);
            })
            .BuildServiceProvider();
        MetricsAnswer metrics = services.GetRequiredService<MetricsAnswer>();
        foreach (Instrument instrument in Created())
        {
            Repeat(mirror, instrument);
        }
        using MemoryStream body = new();
        await metrics.ExecuteAsync(new DefaultHttpContext { RequestServices = services, Response = { Body = body } });
        return Encoding
            .UTF8.GetString(body.ToArray())
            .Split('\n')
            .Where(line => line.Contains('{', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line[..line.IndexOf('{', StringComparison.Ordinal)])
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Of every meter of ours one, as it is made by the code that uses it.</summary>
    private static IEnumerable<Instrument> Created()
    {
        ConcurrentDictionary<string, Instrument> created = new();
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (IsOurs(instrument.Meter))
                {
                    created.TryAdd(instrument.Name, instrument);
                }
            },
        };
        listener.Start();
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        using S3ObjectStore store = new(new S3StorageOptions { Bucket = "b", Region = "eu" }, TimeProvider.System);
        using CaptureWriter writer = new(store, new CaptureOptions(), TimeProvider.System, NullLogger<CaptureWriter>.Instance);
        using CaptureMeter captures = new(meters, writer);
        using PredictionMeter predictions = new(meters, new ServingTally(new ObjectiveOptions()));
        using IngestMeter ingest = new(meters);
        using IngestGauges gauges = new(meters, TimeProvider.System);
        using RunMeter runs = new(meters);
        using RunGauges runGauges = new(meters, TimeProvider.System);
        using AlertGauges alerts = new(meters, TimeProvider.System);
        using GpuBatchMeter worker = new(meters, TimeProvider.System);
        using ServingMeter serving = new();
        serving.Observe(() => 0, () => [], () => []);
        return [.. created.Values];
    }

    /// <summary>Tests beside this one make meters too, by no factory.</summary>
    private static bool IsOurs(Meter meter) =>
        meter.Name == ServingMeter.Name || (meter.Scope is IMeterFactory && meter.Name.StartsWith("Serverless.", StringComparison.Ordinal));

    private static void Repeat(Meter mirror, Instrument instrument)
    {
        Type kind = instrument.GetType().GetGenericTypeDefinition();
        if (kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>))
        {
            mirror.CreateCounter<long>(instrument.Name, instrument.Unit).Add(1);
        }
        else if (kind == typeof(Histogram<>))
        {
            mirror.CreateHistogram<double>(instrument.Name, instrument.Unit).Record(1);
        }
        else if (kind == typeof(ObservableGauge<>))
        {
            mirror.CreateObservableGauge(instrument.Name, () => 1L, instrument.Unit);
        }
        else
        {
            throw new NotSupportedException($"Instrument {instrument.Name} is a {kind.Name}, which no test repeats yet.");
        }
    }
}
