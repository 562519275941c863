using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Drift;

/// <param name="Window">The first; each later one follows the one before.</param>
/// <param name="Until">No window reaches beyond it.</param>
/// <param name="Done">Windows checked before this run went on as new.</param>
public sealed record BackfillInput(
    DriftSubject Subject,
    DriftWindow Window,
    DateTimeOffset Until,
    DriftReference Reference,
    DriftLikeness Likeness,
    int RatePerMinute,
    int Done = 0
);

/// <param name="Stage">"checking", "completed" or "cancelled".</param>
/// <param name="Windows">Checked so far.</param>
public sealed record BackfillStatus(string Stage, int Windows, DateTimeOffset Next);

/// <summary>Checks the windows of a past span one after the other, at a bounded rate. Nothing follows from what they find.</summary>
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel), RaisedBy = "POST /api/drift/backfills/{id}/cancel")]
public static class BackfillDrift
{
    private const int WindowsOfRun = 50; // its history then begins anew

    [Function(nameof(BackfillDrift))]
    public static async Task<BackfillStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, BackfillInput input)
    {
        Task<RunCancel> cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
        DriftWindow window = input.Window;
        int done = 0;
        for (; window.Until <= input.Until && done < WindowsOfRun && !cancel.IsCompleted; done++)
        {
            context.SetCustomStatus(new BackfillStatus("checking", input.Done + done, window.From));
            DateTime begun = context.CurrentUtcDateTime;
            DriftCheckRequest request = new(input.Subject, window, input.Reference, input.Likeness, Asked: true);
            await context.CallSubOrchestratorAsync<DriftCheckStatus>(nameof(CheckDrift), new DriftCheckInput(request, []));
            DateTime next = begun + TimeSpan.FromMinutes(1.0 / input.RatePerMinute);
            if (next > context.CurrentUtcDateTime)
            {
                await context.CreateTimer(next, CancellationToken.None);
            }
            window = new DriftWindow(window.Until, window.Until + window.Length);
        }
        bool goesOn = window.Until <= input.Until && !cancel.IsCompleted;
        if (goesOn)
        {
            context.ContinueAsNew(input with { Window = window, Done = input.Done + done });
        }
        BackfillStatus status = new(
            goesOn ? "checking"
                : cancel.IsCompleted ? "cancelled"
                : "completed",
            input.Done + done,
            window.From
        );
        context.SetCustomStatus(status);
        return status;
    }
}
