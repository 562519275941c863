using Microsoft.Azure.Functions.Worker;
using Serverless.Validation;
using Serverless.Validation.Reports;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Validation;

/// <summary>
/// Judges what the trial saw, writes the report and tells whoever listens. Its key is the report: done again it writes and tells the same.
/// </summary>
public sealed class JudgeModel(ModelValidation validation, WebhookPublisher webhooks)
{
    [Function(nameof(JudgeModel))]
    public async Task<ValidationResult> RunAsync([ActivityTrigger] ValidationFacts facts, CancellationToken cancellationToken)
    {
        ValidationResult result = await validation.JudgeAsync(facts, cancellationToken);
        ValidationTold told = new(facts.Model, facts.Version, facts.Environment, result.Passed, result.Reasons, result.ReportPath);
        await webhooks.PublishAsync(
            "model.validated",
            $"{facts.Environment}/{facts.Model}/{facts.Version}",
            facts.Report,
            told,
            cancellationToken
        );
        return result;
    }

    private sealed record ValidationTold(
        string Model,
        int Version,
        string Environment,
        bool Passed,
        IReadOnlyList<string> Reasons,
        string? ReportPath
    );
}
