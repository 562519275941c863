using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Drift;

namespace Serverless.Functions.Azure.Drift;

/// <param name="Run">Its status, under <c>/api/runs</c>.</param>
/// <param name="Report">Its address, once there is one.</param>
internal sealed record DriftCheckAnswer(
    string Id,
    string Run,
    DriftCheckRequest Request,
    string Stage,
    DriftVerdict? Verdict,
    string? Report,
    IReadOnlyList<string>? Alarms,
    IReadOnlyList<DriftDecision>? Decisions,
    string? Failure
)
{
    /// <summary>Null of a run that is none.</summary>
    public static DriftCheckAnswer? Of(OrchestrationMetadata run)
    {
        if (!run.IsOf(nameof(CheckDrift)) || run.ReadInputAs<DriftCheckInput>() is not { } input)
        {
            return null;
        }
        DriftCheckStatus? status = run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<DriftCheckStatus>();
        return new DriftCheckAnswer(
            run.InstanceId,
            $"/api/runs/{run.InstanceId}",
            input.Request,
            run.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? "failed" : status?.Stage ?? "starting",
            status?.Verdict,
            status?.Report is { } name ? AddressOf(input.Request.Subject, name) : null,
            status?.Alarms,
            status?.Decisions,
            run.FailureDetails?.ErrorMessage
        );
    }

    public static string AddressOf(DriftSubject subject, string report) =>
        $"/api/drift/{subject.Environment}/{subject.Model}/{subject.Version}/reports/{report}";
}

internal sealed record BackfillAnswer(string Id, string Run, BackfillStatus? Status);

/// <summary>How a version stands.</summary>
/// <param name="Schedule">When it is checked by itself.</param>
/// <param name="Latest">Of its reports, the one of the latest window; absent where there is none.</param>
internal sealed record DriftStanding(string Environment, string Model, int Version, DriftSchedule Schedule, DriftReportLine? Latest);

/// <summary>A report in one line.</summary>
/// <param name="Features">Of the slice that is looked at, each feature's verdict, effect and limit.</param>
/// <param name="Slices">Of which the report has findings.</param>
internal sealed record DriftReportLine(
    string Name,
    DateTimeOffset From,
    DateTimeOffset Until,
    DriftVerdict Verdict,
    long Answered,
    IReadOnlyList<DriftFeatureLine> Features,
    DriftQuality? Quality,
    QualityComparison? Validation,
    IReadOnlyList<DriftDecision> Decisions,
    IReadOnlyList<string> Slices
)
{
    public static DriftReportLine Of(DriftReport report, string slice = TrafficSummary.Whole) =>
        new(
            report.Name,
            report.Current.From,
            report.Current.Until,
            report.Verdict,
            report.Current.Answered,
            [
                .. report
                    .Findings.Where(finding => finding.Slice == slice)
                    .Select(finding => new DriftFeatureLine(
                        finding.Feature,
                        finding.Aspect,
                        finding.Effect,
                        finding.EffectLimit,
                        finding.Verdict
                    )),
            ],
            report.Current.Quality,
            report.Quality,
            report.Decisions,
            [.. report.Findings.Select(finding => finding.Slice).Distinct().Order(StringComparer.Ordinal)]
        );
}

/// <param name="Reference">What later windows are held against; absent before the first window with enough predictions.</param>
/// <param name="Items">The latest window first.</param>
internal sealed record DriftHistory(ReferenceAnswer? Reference, IReadOnlyList<DriftReportLine> Items);

internal sealed record DriftFeatureLine(string Feature, FeatureAspect Aspect, double Effect, double Limit, DriftVerdict Verdict);

/// <summary>What a version's windows are held against.</summary>
internal sealed record ReferenceAnswer(
    DateTimeOffset From,
    DateTimeOffset Until,
    long Answered,
    string? By,
    string? Reason,
    DateTimeOffset At
);
