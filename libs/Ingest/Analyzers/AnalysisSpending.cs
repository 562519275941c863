using Serverless.Ingest.Documents;

namespace Serverless.Ingest.Analyzers;

/// <summary>What all models took for one analysis, for whoever prices it.</summary>
/// <param name="MediaSeconds">How long the film is; null of what does not last.</param>
public sealed record AnalysisSpending(double ProcessorSeconds, double GpuSeconds, double? MediaSeconds)
{
    /// <summary>Null of a copy, which took no model, and of what was analysed before seconds were counted.</summary>
    public static AnalysisSpending? Of(AnalysisDocument document) =>
        document.Spent is { } spent
            ? new AnalysisSpending(
                spent.Sum(model => model.ProcessorSeconds),
                spent.Sum(model => model.GpuSeconds),
                document.Video?.DurationSeconds
            )
            : null;
}
