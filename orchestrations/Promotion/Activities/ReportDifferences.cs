using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Writes what a step's mirrored requests showed. Its key is the promotion and the step.</summary>
public sealed class ReportDifferences(DifferenceReports reports)
{
    [Function(nameof(ReportDifferences))]
    public Task<DiffAnswer> RunAsync([ActivityTrigger] DiffInput input, CancellationToken cancellationToken) =>
        reports.WriteAsync(input, cancellationToken);
}
