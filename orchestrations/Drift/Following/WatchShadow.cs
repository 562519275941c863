using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Promotion;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Drift.Following;

/// <param name="Target">Names the shadow, its version and what it is compared with.</param>
public sealed record ShadowInput(PromotionTarget Target, TimeSpan Lasting);

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">"watching", "completed" or "replaced" where something else took the traffic meanwhile.</param>
/// <param name="Report">Of the differences, among the shadow's version's reports.</param>
public sealed record ShadowStatus(string Stage, string? Report = null, string? Summary = null);

/// <summary>Leaves a shadow that an alarm opened its time, then ends it and writes in what its answers differed.</summary>
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel))]
public static class WatchShadow
{
    [Function(nameof(WatchShadow))]
    public static async Task<ShadowStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ShadowInput input)
    {
        DateTimeOffset since = context.CurrentUtcDateTime;
        context.SetCustomStatus(new ShadowStatus("watching"));
        using CancellationTokenSource ended = new();
        Task timer = context.CreateTimer(context.CurrentUtcDateTime + input.Lasting, ended.Token);
        await Task.WhenAny(timer, context.WaitForExternalEvent<RunCancel>(RunCancel.EventName));
        ended.Cancel(); // CancelAsync would leave the orchestrator's turn
        ShadowEnd end = new(input.Target, since);
        ShadowStatus status = await context.CallActivityAsync<ShadowStatus>(nameof(EndShadow), end, StepRetries.TenMinutes);
        context.SetCustomStatus(status);
        return status;
    }
}

public sealed record ShadowEnd(PromotionTarget Target, DateTimeOffset Since);

/// <summary>Ends a shadow and reports the differences. Its key is the shadow.</summary>
public sealed class EndShadow(DriftShadows shadows, DifferenceReports differences)
{
    private const string Step = "shadow";

    [Function(nameof(EndShadow))]
    public async Task<ShadowStatus> RunAsync([ActivityTrigger] ShadowEnd input, CancellationToken cancellationToken)
    {
        bool closed = await shadows.CloseAsync(input.Target, cancellationToken);
        DiffInput asked = new(input.Target, Step, input.Since, new GuardLimits());
        DiffAnswer answer = await differences.WriteAsync(asked, cancellationToken);
        return new ShadowStatus(closed ? "completed" : "replaced", answer.Report, answer.Summary);
    }
}

/// <summary>Starts the watch of a shadow and names it by the report that brought it.</summary>
public static class ShadowScheduler
{
    public const string IdPrefix = "shadow-";

    public static string IdOf(DriftSubject subject, string report) =>
        $"{IdPrefix}{subject.Environment}-{subject.Model}-{subject.Version}-{report}";

    public static Task<bool> StartAsync(this DurableTaskClient client, ShadowInput input, CancellationToken cancellationToken) =>
        client.ScheduleOnceAsync(nameof(WatchShadow), input, input.Target.Promotion, cancellationToken);
}
