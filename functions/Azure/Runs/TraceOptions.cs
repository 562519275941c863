using System.ComponentModel.DataAnnotations;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Section <c>Telemetry</c>: where people look at traces.</summary>
public sealed class TraceOptions
{
    /// <summary>
    /// An address that shows one trace, with {traceId} where its id stands: "https://jaeger.example.com/trace/{traceId}". Absent by
    /// default: a run then shows the id alone.
    /// </summary>
    [RegularExpression(@"https?://[^\s{}]+\{traceId\}[^\s{}]*")]
    public string? TraceAddress { get; set; }

    /// <summary>Null where there is no trace, or nobody said where traces are shown.</summary>
    internal string? AddressOf(string? trace) => trace is null ? null : TraceAddress?.Replace("{traceId}", trace, StringComparison.Ordinal);
}
