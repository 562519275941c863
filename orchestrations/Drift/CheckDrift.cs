using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Drift;

/// <param name="FollowUps">What may follow from an alarm; nothing of a check of the past.</param>
public sealed record DriftCheckInput(DriftCheckRequest Request, IReadOnlyList<DriftFollowUp> FollowUps);

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">"summarising", "comparing", "deciding" or "completed".</param>
/// <param name="Report">Its name among those of the version.</param>
/// <param name="Alarms">The most serious features, for people.</param>
public sealed record DriftCheckStatus(
    string Stage,
    string? Report = null,
    DriftVerdict? Verdict = null,
    IReadOnlyList<string>? Alarms = null,
    IReadOnlyList<DriftDecision>? Decisions = null
);

/// <summary>
/// Checks one version over one window: captures are summarised by the hour, many hours at once; the window is held against its reference;
/// what the policy asks for follows. The same check again gives the same report, so that it may end and begin anywhere.
/// </summary>
[StartedBy("POST /api/drift/checks", MayRestart = true)]
public static class CheckDrift
{
    internal const int HoursOfStep = 24;
    internal const int StepsAtOnce = 4;

    [Function(nameof(CheckDrift))]
    public static async Task<DriftCheckStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, DriftCheckInput input)
    {
        DriftCheckRequest request = input.Request;
        context.SetCustomStatus(new DriftCheckStatus("summarising"));
        foreach (SummaryInput[] some in StepsOf(request).Chunk(StepsAtOnce))
        {
            await Task.WhenAll(some.Select(step => context.CallActivityAsync(nameof(SummariseCaptures), step, StepRetries.TenMinutes)));
        }
        context.SetCustomStatus(new DriftCheckStatus("comparing"));
        DriftCheckStatus found = await context.CallActivityAsync<DriftCheckStatus>(nameof(JudgeDrift), request, StepRetries.TenMinutes);
        if (input.FollowUps.Count > 0)
        {
            context.SetCustomStatus(found with { Stage = "deciding" });
            found = found with
            {
                Decisions = await context.CallActivityAsync<IReadOnlyList<DriftDecision>>(
                    nameof(FollowDrift),
                    input,
                    StepRetries.TenMinutes
                ),
            };
        }
        DriftCheckStatus status = found with { Stage = "completed" };
        context.SetCustomStatus(status);
        return status;
    }

    private static IEnumerable<SummaryInput> StepsOf(DriftCheckRequest request)
    {
        foreach (DriftWindow span in request.Spans())
        {
            for (DateTimeOffset from = span.From; from < span.Until; from = from.AddHours(HoursOfStep))
            {
                DateTimeOffset until = from.AddHours(HoursOfStep);
                yield return new SummaryInput(
                    request.Subject.Model,
                    request.Subject.Version,
                    new DriftWindow(from, until < span.Until ? until : span.Until)
                );
            }
        }
    }
}
