using OpenTelemetry.Metrics;

namespace Serverless.Telemetry;

/// <summary>
/// Sends what was measured since the last time at once, for a process that may be frozen before the exporter's next turn. Does nothing
/// where nothing is exported. Lives as long as the process; thread-safe.
/// </summary>
public sealed class MetricsFlush
{
    private readonly TelemetryOptions _options;
    private readonly MeterProvider _metrics;

    internal MetricsFlush(TelemetryOptions options, MeterProvider metrics) => (_options, _metrics) = (options, metrics);

    /// <summary>Blocks for at most the limit; the exporter has no other way.</summary>
    /// <returns>False where not all was sent: what is left goes out with the next.</returns>
    public bool TryFlush(TimeSpan limit) => !_options.Export || _metrics.ForceFlush((int)limit.TotalMilliseconds);
}
