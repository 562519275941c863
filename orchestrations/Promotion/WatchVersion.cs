using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Operations;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

public enum WatchKind
{
    /// <summary>Mirrored requests count.</summary>
    Shadow,

    /// <summary>Requests that the canary answered count.</summary>
    Canary,
}

/// <param name="Steps">Of the whole promotion, which share its error rate.</param>
/// <param name="Seen">What was seen so far, so that a run that begins anew goes on where it was.</param>
/// <param name="Step">Under which name it is kept how the guardrails stood; null for a run that began before that was kept.</param>
/// <param name="HasPast">Whether the stable version's recent past is what the candidate is compared with.</param>
public sealed record WatchInput(
    PromotionTarget Target,
    WatchKind Kind,
    TimeSpan Bake,
    int MinRequests,
    TimeSpan Within,
    TimeSpan Every,
    GuardLimits Guards,
    int Steps,
    DateTimeOffset Since,
    GuardTally Seen,
    CaptureCursor Cursor,
    string? Step = null,
    bool HasPast = false
)
{
    public long Requests => Kind == WatchKind.Shadow ? Seen.Mirror.Pairs : Seen.Canary.Requests;
}

/// <param name="Problem">Null when the version passed.</param>
/// <param name="Report">Of a shadow that broke a guardrail, among the version's reports.</param>
public sealed record WatchOutcome(
    string? Problem,
    IReadOnlyList<GuardFinding> Findings,
    GuardTally Seen,
    string Summary,
    string? Report = null
);

/// <summary>
/// Watches a version for one step, until it breaks a guardrail, has baked, or has no traffic for too long. It begins anew every so often,
/// so that a day of looking leaves no history of a day.
/// </summary>
[StartedBy("POST /api/promotions")]
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel))]
public static class WatchVersion
{
    internal const int LooksPerRun = 50;

    /// <summary>What one status has room for: a candidate that is wrong everywhere breaks the guardrail of every slice at once.</summary>
    private const int MaxFindings = 8;

    [Function(nameof(WatchVersion))]
    public static async Task<WatchOutcome> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, WatchInput input)
    {
        Task<RunCancel> cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
        for (int look = 0; look < LooksPerRun; look++)
        {
            TrafficSeen sampled = await context.CallActivityAsync<TrafficSeen>(nameof(SampleTraffic), input, StepRetries.TenMinutes);
            input = input with { Seen = sampled.Seen, Cursor = sampled.Cursor };
            if (sampled.Problem is { } problem)
            {
                return End(input, problem, []);
            }
            if (sampled.Findings.Count > 0)
            {
                return Break(input, sampled.Findings) with { Report = sampled.Report };
            }

            TimeSpan passed = new DateTimeOffset(context.CurrentUtcDateTime) - input.Since;
            if (passed >= input.Bake && input.Requests >= input.MinRequests)
            {
                return End(input, null, []);
            }
            if (passed >= input.Within)
            {
                string seen = $"{input.Requests} requests were seen within {input.Within}; needed are {input.MinRequests}.";
                return End(input, seen + Refused(input), []);
            }
            using CancellationTokenSource done = new();
            await Task.WhenAny(context.CreateTimer(input.Every, done.Token), cancel);
            done.Cancel(); // CancelAsync would leave the orchestrator's turn
            if (cancel.IsCompleted)
            {
                return End(input, $"Cancelled by {(await cancel).By}.", []);
            }
        }
        context.ContinueAsNew(input);
        return End(input, null, []); // of a run that begins anew nobody sees the answer
    }

    private static WatchOutcome Break(WatchInput input, IReadOnlyList<GuardFinding> findings)
    {
        // One sentence a guardrail: the rest, slices most of all, is for who looks closer.
        string[] said = [.. findings.DistinctBy(finding => finding.Guard).Select(finding => finding.Message)];
        string more = findings.Count > said.Length ? $" So it is in {findings.Count - said.Length} more places." : "";
        return End(input, string.Join(' ', said) + more + Compared(input), [.. findings.Take(MaxFindings)]);
    }

    private static WatchOutcome End(WatchInput input, string? problem, IReadOnlyList<GuardFinding> findings) =>
        new(problem, findings, input.Seen, Summarise(input));

    private static string Summarise(WatchInput input)
    {
        string uncounted = input.Seen.UncountedReports is var reports and > 0 ? $" {reports} reports of outcomes count for neither." : "";
        return string.Create(CultureInfo.InvariantCulture, $"{input.Requests} requests seen.{Refused(input)}{uncounted}{Compared(input)}");
    }

    private static string Refused(WatchInput input) =>
        input.Seen.RefusedRequests is var requests and > 0
            ? $" {requests} that were refused for their callers' faults count for neither version."
            : "";

    /// <summary>With what, where it is not with what the stable version does at the same time.</summary>
    private static string Compared(WatchInput input) =>
        input.Seen.Past switch
        {
            null => "",
            { Until: { } until } past => string.Create(
                CultureInfo.InvariantCulture,
                $" Compared with version {input.Target.Before}'s last {past.Requests} requests, until {until.UtcDateTime:yyyy-MM-dd HH:mm} "
                    + $"UTC."
            ),
            _ => $" Version {input.Target.Before} had no requests in the day before that it could be compared with.",
        };
}
