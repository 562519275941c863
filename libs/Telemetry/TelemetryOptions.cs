using System.ComponentModel.DataAnnotations;

namespace Serverless.Telemetry;

/// <summary>What is measured and traced, and where it goes.</summary>
public sealed class TelemetryOptions
{
    /// <summary>How this program calls itself to whoever collects.</summary>
    [Required]
    public string ServiceName { get; set; } = "serverless";

    /// <summary>
    /// Whether metrics and traces are sent by OTLP; where to and how say the variables of the OpenTelemetry specification
    /// (OTEL_EXPORTER_OTLP_ENDPOINT, …), which the exporter reads itself. Default false.
    /// </summary>
    public bool Export { get; set; }

    /// <summary>
    /// Whether somebody may fetch the metrics from this process, which keeps them ready for that; default true. A process that is frozen
    /// between calls, as a Lambda function is, can only send them.
    /// </summary>
    public bool IsScraped { get; set; } = true;

    /// <summary>Beginnings of the names of meters that are collected.</summary>
    public IList<string> Meters { get; } =
    ["Serverless.", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Sources of traces that are exported.</summary>
    public IList<string> Sources { get; } =
    ["Serverless.*", "Microsoft.AspNetCore", "Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask"];

    /// <summary>
    /// Different label values of one metric that are kept apart; default 2,000. Whatever comes beyond is counted together, as
    /// otel_metric_overflow (OpenTelemetry's cardinality limit), so that no caller can fill the memory.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxSeries { get; set; } = 2_000;
}
