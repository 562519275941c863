using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Exports.Asks;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Exports;

/// <param name="FeedbackUntil">Feedback counts until then; fixed, so that a step that is done again does the same.</param>
/// <param name="By">Who asked for it.</param>
public sealed record ExportInput(ExportPlan Plan, DateTimeOffset FeedbackUntil, string By)
{
    public static ExportInput Of(ExportPlan plan, DateTimeOffset now, string by)
    {
        DateTimeOffset latest = plan.Until + ExportLimits.FeedbackAfter;
        return new ExportInput(plan, latest < now ? latest : now, by);
    }
}

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">"writing", "completed" or "refused".</param>
/// <param name="Version">Names the export among those of its name.</param>
/// <param name="Sha256">Of the data.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record ExportStatus(string Stage, string? Version = null, int? Rows = null, string? Sha256 = null, string? Problem = null)
{
    public const string Completed = "completed";
    public const string Refused = "refused";
}

/// <summary>Exports training data. What was written before is not written again, so that it may end and begin anywhere.</summary>
[StartedBy("POST /api/exports", MayRestart = true)]
public static class ExportData
{
    [Function(nameof(ExportData))]
    public static async Task<ExportStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ExportInput input)
    {
        context.SetCustomStatus(new ExportStatus("writing"));
        ExportWork work = new(input, context.InstanceId);
        ExportStatus status = await context.CallActivityAsync<ExportStatus>(nameof(WriteExport), work, StepRetries.TenMinutes);
        context.SetCustomStatus(status);
        return status;
    }
}
