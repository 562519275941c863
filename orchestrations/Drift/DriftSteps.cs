using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Orchestrations.Drift.Validations;

namespace Serverless.Orchestrations.Drift;

public sealed record SummaryInput(string Model, int Version, Serverless.Drift.DriftWindow Window);

/// <summary>Brings the summaries of some hours up to date. Its key is the version and the hours.</summary>
public sealed class SummariseCaptures(HourSummaries summaries)
{
    [Function(nameof(SummariseCaptures))]
    public async Task RunAsync([ActivityTrigger] SummaryInput input, CancellationToken cancellationToken)
    {
        foreach (DateTimeOffset hour in input.Window.Hours())
        {
            await summaries.UpdateAsync(input.Model, input.Version, hour, cancellationToken);
        }
    }
}

/// <summary>Holds a window against its reference and keeps the report. Its key is the check.</summary>
public sealed class JudgeDrift(DriftCheck check, ValidatedVersions validations, GoldenTraffic golden)
{
    private const int MaxAlarms = 10; // the rest stands in the report

    [Function(nameof(JudgeDrift))]
    public async Task<DriftCheckStatus> RunAsync([ActivityTrigger] DriftCheckRequest request, CancellationToken cancellationToken)
    {
        ValidatedQuality? validated = await validations.FindAsync(request.Subject, cancellationToken);
        if (validated is not null && request.Reference == DriftReference.Validation)
        {
            await golden.KeepAsync(request.Subject, validated, cancellationToken);
        }
        DriftReport report = await check.RunAsync(request, validated, cancellationToken);
        return new DriftCheckStatus("judged", report.Name, report.Verdict, [.. report.Alarms().Take(MaxAlarms).Select(Words)]);
    }

    private static string Words(FeatureFinding finding) =>
        $"{DriftWords.NameOf(finding)}: {finding.Effect:0.###} of {finding.EffectLimit:0.###} allowed";
}

/// <summary>Does what the policy asks for, once for each report. Its key is the check.</summary>
public sealed class FollowDrift(DriftFollowing following)
{
    [Function(nameof(FollowDrift))]
    public Task<IReadOnlyList<DriftDecision>> RunAsync(
        [ActivityTrigger] DriftCheckInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => following.FollowAsync(client, input, cancellationToken);
}
