namespace Serverless.Registry;

/// <summary>How long one inference of a version took where it was measured; kept as the report latency.json.</summary>
public sealed record MeasuredLatency(
    double P50Milliseconds,
    double P95Milliseconds,
    double P99Milliseconds,
    string Host,
    DateTimeOffset At
);
