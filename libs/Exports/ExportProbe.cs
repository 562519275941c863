using Serverless.Captures;
using Serverless.Exports.Asks;
using Serverless.Exports.Rows;

namespace Serverless.Exports;

/// <summary>What an export would find. A label and a vector that were both seen need not be of one prediction.</summary>
/// <param name="IsWhole">False where there was more than is looked through: what was not seen may be there all the same.</param>
public sealed record ExportOutlook(bool HasLabel, bool HasVector, bool IsWhole);

/// <summary>
/// Looks whether captures have anything to learn from, before an export is begun: from the latest hour back, until both a label and a
/// vector were seen, or <see cref="MaxLines"/> lines were. Thread-safe.
/// </summary>
public sealed class ExportProbe(CaptureReader captures)
{
    /// <summary>Read in some seconds; a window with more is left to the export.</summary>
    public const int MaxLines = 200_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="feedbackUntil">As of the export.</param>
    public async Task<ExportOutlook> LookAsync(ExportPlan plan, DateTimeOffset feedbackUntil, CancellationToken cancellationToken)
    {
        CaptureSift sift = new(plan, new LeftOut());
        bool hasLabel = false,
            hasVector = false;
        int read = 0;
        DateTimeOffset last = plan.Until > feedbackUntil ? plan.Until : feedbackUntil;
        for (DateTimeOffset hour = CapturePath.HourOf(last); hour > plan.From - Hour; hour -= Hour)
        {
            await foreach (CapturePath file in captures.ListAsync(plan.Model, plan.Version, hour, hour + Hour, cancellationToken))
            {
                await foreach (CaptureRecord line in captures.ReadAsync(file.Path, cancellationToken))
                {
                    if (line.Kind == CaptureKind.Prediction && line.Time >= plan.From && line.Time < plan.Until)
                    {
                        hasVector |= sift.ReadRow(line) is { Vector: not null };
                    }
                    else if (line.Kind == CaptureKind.Feedback && line.Time >= plan.From && line.Time < feedbackUntil)
                    {
                        hasLabel |= sift.ReadReport(line) is { Label: not null } or { Correct: true };
                    }
                    if ((hasLabel && hasVector) || ++read == MaxLines)
                    {
                        return new ExportOutlook(hasLabel, hasVector, IsWhole: false);
                    }
                }
            }
        }
        return new ExportOutlook(hasLabel, hasVector, IsWhole: true);
    }
}
