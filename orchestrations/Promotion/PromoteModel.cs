using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// One version on its way into an environment: checks, validation, shadow, approval, canary, alias. Until the alias has moved nothing is
/// final: whatever goes wrong, and whoever says no, the environment ends serving exactly what it served before.
/// </summary>
[StartedBy("POST /api/promotions")]
[AwaitsEvent(ApprovalDecision.EventName, typeof(ApprovalDecision), RaisedBy = "POST /api/promotions/{id}/decision")]
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel), RaisedBy = "POST /api/promotions/{id}/cancel")]
[AwaitsEvent(PromotionRun.TurnEvent, typeof(bool), RaisedBy = "the promotion before it")]
public static class PromoteModel
{
    [Function(nameof(PromoteModel))]
    public static async Task<PromotionResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, PromotionInput input)
    {
        PromotionRun run = new(context, input);
        PromotionResult result;
        try
        {
            await run.GoAsync();
            result = new PromotionResult(PromotionVerdicts.Promoted, null, []);
        }
        catch (PromotionStoppedException e)
        {
            result = await run.UndoAsync(e.Message, e.Findings);
        }
        catch (TaskFailedException e)
        {
            // A step that failed however often it was tried: storage that stays away, or a fault of ours.
            result = await run.UndoAsync($"The step could not be done: {e.FailureDetails.ErrorMessage}", []);
        }
        await run.EndAsync(result);
        return result;
    }
}
