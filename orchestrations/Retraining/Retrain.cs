using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Validation;
using Serverless.Validation.Reports;

namespace Serverless.Orchestrations.Retraining;

/// <summary>
/// From captured predictions to a new version on its way into an environment: export, training, registration, validation, and a promotion
/// that is a run of its own, since people take their time to decide on it. Nothing that serves changes here.
/// </summary>
[StartedBy("POST /api/retraining")]
public static class Retrain
{
    [Function(nameof(Retrain))]
    public static async Task<RetrainStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RetrainInput input)
    {
        RetrainStatus status = await GoAsync(context, input);
        context.SetCustomStatus(status);
        return status;
    }

    private static async Task<RetrainStatus> GoAsync(TaskOrchestrationContext context, RetrainInput input)
    {
        RetrainStatus status = await ExportAsync(context, input);
        if (status.Problem is not null)
        {
            return status with { Stage = RetrainStatus.Refused };
        }
        context.SetCustomStatus(status with { Stage = "training" });
        TrainInput asked = new(context.InstanceId, status.ExportName!, status.ExportVersion!, input.Into, input.Seed, input.By);
        TrainedVersion trained = await context.CallActivityAsync<TrainedVersion>(nameof(TrainVersion), asked, StepRetries.SixMinutes);
        if (trained.Version is not { } version)
        {
            return status with { Stage = RetrainStatus.Refused, Problem = trained.Problem };
        }
        status = status with { Stage = "validating", Version = version };
        context.SetCustomStatus(status);
        ValidationResult judged = await context.CallSubOrchestratorAsync<ValidationResult>(
            nameof(ValidateModel),
            new ValidateModelInput(input.Into, version, input.Target)
        );
        status = status with { ReportPath = judged.ReportPath };
        if (!judged.Passed)
        {
            return status with { Stage = RetrainStatus.Refused, Problem = string.Join(' ', judged.Reasons) };
        }
        status = status with { Stage = "promoting" };
        context.SetCustomStatus(status);
        return await PromoteAsync(context, input, status, version);
    }

    private static async Task<RetrainStatus> ExportAsync(TaskOrchestrationContext context, RetrainInput input)
    {
        if (input.Export is not { } wanted)
        {
            return new RetrainStatus("exporting", input.ExportName, input.ExportVersion);
        }
        context.SetCustomStatus(new RetrainStatus("exporting", wanted.Plan.Name));
        ExportStatus made = await context.CallSubOrchestratorAsync<ExportStatus>(nameof(ExportData), wanted);
        return new RetrainStatus("exporting", wanted.Plan.Name, made.Version, Problem: made.Problem);
    }

    private static async Task<RetrainStatus> PromoteAsync(
        TaskOrchestrationContext context,
        RetrainInput input,
        RetrainStatus status,
        int version
    )
    {
        TrainedPromotion promotion = new(
            PromotionScheduler.IdOf(input.Target, input.Into, context.InstanceId),
            new PromotionInput(
                input.Into,
                version,
                From: null,
                input.Target,
                input.By,
                input.Plan,
                Queue: true,
                input.At,
                PromotionInput.NewestOrder,
                input.ById
            )
        );
        string? problem = await context.CallActivityAsync<string?>(nameof(StartTrainedPromotion), promotion, StepRetries.SixMinutes);
        return problem is null
            ? status with
            {
                Stage = RetrainStatus.PromotionStarted,
                Promotion = promotion.Id,
            }
            : status with
            {
                Stage = RetrainStatus.Refused,
                Problem = problem,
            };
    }
}
