using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Serverless.Registry;
using Serverless.Rollout.Guards;
using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Promotion;

/// <param name="Step">Name of a step, or "ended".</param>
/// <param name="Outcome">"passed", or the verdict.</param>
public sealed record StepOutcome(
    PromotionTarget Target,
    string Step,
    string Outcome,
    string? Detail,
    string RequestedBy,
    IReadOnlyList<GuardFinding> Findings
);

/// <summary>Writes a step into the deployment history and tells whoever listens. Its key is the promotion and the step.</summary>
public sealed class PublishStep(DeploymentHistory history, WebhookPublisher webhooks)
{
    internal const string Ended = "ended";
    private const int MaxWhyCharacters = 1_000;
    private const int MaxFindings = 10;

    [Function(nameof(PublishStep))]
    public async Task RunAsync([ActivityTrigger] StepOutcome told, CancellationToken cancellationToken)
    {
        PromotionTarget target = told.Target;
        string key = $"{target.Promotion}/{told.Step}";
        StepEvidence evidence = new(
            key,
            target.Version,
            target.Before,
            told.Step,
            told.Outcome,
            told.Detail,
            [.. told.Findings.Take(MaxFindings)]
        );
        if (!await IsNotedAsync(target, key, cancellationToken))
        {
            await history.NoteAsync(
                target.Environment,
                target.Model,
                told.RequestedBy,
                WhyOf(told),
                JsonSerializer.SerializeToElement(evidence, StoredJson.Options),
                cancellationToken
            );
        }
        string type = told.Step == Ended ? "promotion.ended" : "promotion.step";
        await webhooks.PublishAsync(type, $"{target.Environment}/{target.Model}/{target.Version}", key, evidence, cancellationToken);
    }

    private async Task<bool> IsNotedAsync(PromotionTarget target, string key, CancellationToken cancellationToken) =>
        (await history.ListAsync(target.Environment, target.Model, cancellationToken)).Any(record =>
            record.Evidence is { ValueKind: JsonValueKind.Object } known
            && known.TryGetProperty("key", out JsonElement noted)
            && noted.ValueEquals(key)
        );

    private static string WhyOf(StepOutcome told)
    {
        string why =
            $"{PromotionTraffic.WhyOf(told.Target)}, {told.Step}: {told.Outcome}{(told.Detail is null ? "." : $". {told.Detail}")}";
        why = new string([.. why.Select(c => char.IsControl(c) ? ' ' : c)]);
        return why.Length <= MaxWhyCharacters ? why : why[..(MaxWhyCharacters - 1)] + '…';
    }

    private sealed record StepEvidence(
        string Key,
        int Version,
        int? Before,
        string Step,
        string Outcome,
        string? Detail,
        IReadOnlyList<GuardFinding> Findings
    );
}
