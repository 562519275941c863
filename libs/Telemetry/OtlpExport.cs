using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Serverless.Telemetry;

/// <summary>Sends metrics and traces by OTLP while the host runs; what is left is sent when it stops.</summary>
internal sealed class OtlpExport(TelemetryOptions options, MeterProvider metrics) : IHostedService
{
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Export)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(options.ServiceName))
                .AddSource([.. options.Sources])
                .AddOtlpExporter()
                .Build();
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.Dispose();
        metrics.Dispose();
        return Task.CompletedTask;
    }
}
