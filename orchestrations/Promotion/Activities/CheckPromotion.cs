using Microsoft.Azure.Functions.Worker;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Shared;
using Serverless.Rollout;

namespace Serverless.Orchestrations.Promotion;

public sealed record CheckInput(PromotionTarget Target, string? From);

/// <param name="Problem">Null when the promotion may go on.</param>
/// <param name="Before">The version that serves; null where none does.</param>
public sealed record PromotionChecks(string? Problem, int? Before);

/// <summary>
/// Whether the version is there to be promoted, and what serves before. One that is not is fetched where another deployment published it;
/// nothing else changes.
/// </summary>
public sealed class CheckPromotion(ModelRegistry registry, SharedRegistry shared, ModelAliases aliases, RolloutStore rollouts)
{
    [Function(nameof(CheckPromotion))]
    public async Task<PromotionChecks> RunAsync([ActivityTrigger] CheckInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await CheckAsync(input.Target, input.From, cancellationToken);
        }
        catch (Exception e)
            when (e
                    is ModelVersionException
                        or RegistryException { Fault: RegistryFault.Invalid or RegistryFault.Corrupt or RegistryFault.Conflict }
            )
        {
            return new PromotionChecks(e.Message, null);
        }
    }

    private async Task<PromotionChecks> CheckAsync(PromotionTarget target, string? from, CancellationToken cancellationToken)
    {
        if (
            await registry.FindAsync(target.Model, target.Version, cancellationToken) is null
            && !await shared.TryImportAsync(new(target.Model, target.Version), cancellationToken)
        )
        {
            return new PromotionChecks($"Model '{target.Model}' has no version {target.Version}.", null);
        }
        if (from is not null)
        {
            ModelAlias? there = await aliases.FindAsync(from, target.Model, cancellationToken);
            if (there?.Version != target.Version)
            {
                return new PromotionChecks(
                    $"Version {target.Version} does not serve in {from}, from where it is to be promoted; "
                        + $"{(there is null ? "nothing" : $"version {there.Version}")} does.",
                    null
                );
            }
        }
        int? before = (await aliases.FindAsync(target.Environment, target.Model, cancellationToken))?.Version;
        RolloutRecord? record = await rollouts.FindAsync(target.Environment, target.Model, cancellationToken);
        return record?.Owner is { } owner && owner != target.Promotion
            ? new PromotionChecks($"The traffic of '{target.Model}' in {target.Environment} is held by '{owner}'.", null)
            : new PromotionChecks(null, before);
    }
}
