using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <param name="Done">That took the act.</param>
/// <param name="Refused">That stood otherwise by then, or were gone.</param>
/// <param name="Refusal">Why the first of these was refused; null where none was.</param>
public sealed record ActCounts(int Done = 0, int Refused = 0, string? Refusal = null)
{
    public int Sum => Done + Refused;

    internal ActCounts With(ActCounts more) => new(Done + more.Done, Refused + more.Refused, Refusal ?? more.Refusal);
}

/// <param name="Total">Of the selection, which bears the id of the run.</param>
/// <param name="Counts">Of the parts of the run before this one.</param>
/// <param name="AskedAt">They are acted on as they stood then; null in a run that an older version of the app began.</param>
public sealed record ActOnRunsInput(
    BulkAct Act,
    int Total,
    string By,
    string? ById,
    string Reason,
    ActCounts? Counts = null,
    DateTimeOffset? AskedAt = null
)
{
    /// <summary>As the runs keep it.</summary>
    internal string Why => $"{By}: {Reason}";
}

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">"acting", "completed" or "cancelled".</param>
public sealed record ActOnRunsStatus(string Stage, BulkAct Act, int Total, ActCounts Counts);

/// <summary>
/// Does the same to many runs, jobs or uploads, some at a time with pauses between, so that it slows nothing else; goes on where its host
/// ended.
/// </summary>
[StartedBy("POST /api/runs/acts", "POST /api/jobs/acts", "POST /api/quarantine/redrive")]
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel))]
public static class ActOnRuns
{
    internal const int AtOnce = 20;

    /// <summary>About 20 a second at most.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int StepsOfRun = 50; // its history then begins anew

    [Function(nameof(ActOnRuns))]
    public static async Task<ActOnRunsStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ActOnRunsInput input)
    {
        ActCounts counts = input.Counts ?? new ActCounts();
        Task<RunCancel> cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
        for (int step = 0; step < StepsOfRun && counts.Sum < input.Total && !cancel.IsCompleted; step++)
        {
            context.SetCustomStatus(new ActOnRunsStatus("acting", input.Act, input.Total, counts));
            ActOnSomeInput some = new(context.InstanceId, counts.Sum, input);
            ActCounts done = await context.CallActivityAsync<ActCounts>(nameof(ActOnSome), some, StepRetries.TenMinutes);
            counts = counts.With(done);
            await context.CreateTimer(Pause, CancellationToken.None);
        }
        bool goesOn = counts.Sum < input.Total && !cancel.IsCompleted;
        if (goesOn)
        {
            context.ContinueAsNew(input with { Counts = counts });
        }
        string stage =
            goesOn ? "acting"
            : counts.Sum < input.Total ? "cancelled"
            : "completed";
        ActOnRunsStatus status = new(stage, input.Act, input.Total, counts);
        context.SetCustomStatus(status);
        return status;
    }
}
