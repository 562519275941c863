using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Operations;
using Serverless.Validation;
using Serverless.Validation.Reports;

namespace Serverless.Orchestrations.Validation;

public sealed record ValidateModelInput(string Model, int Version, string Environment);

/// <summary>What the run shows of itself while it works.</summary>
public sealed record ValidationStatus(string Stage, string? ReportPath = null)
{
    /// <summary>The stage that ends a trial before its time.</summary>
    public const string Cancelled = "cancelled";
}

/// <summary>
/// One version judged for one environment: its bytes, a trial in a process of its own beside what serves, a verdict with its report. A
/// version that fails is a result like any other; what is thrown is a fault of ours, after all tries.
/// </summary>
[StartedBy("POST /api/models/{name}/versions/{version}/validate")]
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel))]
public static class ValidateModel
{
    /// <summary>For the trial, which may take long: whatever the model does is no reason to try again, but storage may be away.</summary>
    private static readonly TaskOptions RetryAFewTimes = TaskOptions.FromRetryPolicy(
        new RetryPolicy(4, firstRetryInterval: TimeSpan.FromSeconds(5), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromMinutes(1))
    );

    [Function(nameof(ValidateModel))]
    public static async Task<ValidationResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ValidateModelInput input)
    {
        Task<RunCancel> cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
        context.SetCustomStatus(new ValidationStatus("checking"));
        CheckModelInput asked = new(ReportIdOf(context.InstanceId, input.Environment), input.Model, input.Version, input.Environment);
        ValidationFacts facts = await context.CallActivityAsync<ValidationFacts>(nameof(CheckModel), asked, StepRetries.SixMinutes);
        if (facts.DigestGate.Passed)
        {
            context.SetCustomStatus(new ValidationStatus("trying"));
            Task trial = context.CallActivityAsync(nameof(TryModel), facts, RetryAFewTimes);
            if (await Task.WhenAny(trial, cancel) == cancel)
            {
                return Cancelled(context, await cancel);
            }
            await trial;
        }
        context.SetCustomStatus(new ValidationStatus("judging"));
        ValidationResult result = await context.CallActivityAsync<ValidationResult>(nameof(JudgeModel), facts, StepRetries.SixMinutes);
        context.SetCustomStatus(new ValidationStatus(result.Passed ? "passed" : "refused", result.ReportPath));
        return result;
    }

    /// <summary>The trial notices that the run has ended.</summary>
    private static ValidationResult Cancelled(TaskOrchestrationContext context, RunCancel cancel)
    {
        context.SetCustomStatus(new ValidationStatus(ValidationStatus.Cancelled));
        return new ValidationResult(
            Passed: false,
            [$"Cancelled by {cancel.By}{(cancel.Reason is null ? "." : $": {cancel.Reason}")}"],
            [],
            ReportPath: null
        );
    }

    /// <summary>An instance id may hold what a path may not; a run has one report however often its steps are done.</summary>
    public static string ReportIdOf(string instanceId, string environment) =>
        $"validation-{environment}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instanceId)))[..12]}";
}
