using Serverless.Registry;
using Serverless.Rollout;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// What promotions do to the traffic. Everything may be repeated, and nothing that comes late, after the promotion was undone, takes
/// effect: the record names its last owner. Thread-safe.
/// </summary>
public sealed class PromotionTraffic(RolloutStore rollouts, ModelAliases aliases, ModelRegistry registry)
{
    private const string By = "promotion";

    /// <summary>Null when it is as asked; otherwise why the promotion may not.</summary>
    public async Task<string?> SetAsync(PromotionTarget target, double weight, double mirrored, CancellationToken cancellationToken)
    {
        string? refusal = null;
        await rollouts.UpdateAsync(
            target.Environment,
            target.Model,
            record =>
            {
                refusal = Refusal(target, record);
                if (refusal is not null)
                {
                    return null;
                }
                RolloutRecord next = (record ?? RolloutRecord.Idle(target.Environment, target.Model, target.Before!.Value)) with
                {
                    Stable = target.Before!.Value,
                    Owner = target.Promotion,
                    Salt = target.Promotion,
                    Canary = weight > 0 ? new CanaryArm(target.Version, weight) : null,
                    Shadow = mirrored > 0 ? new ShadowTap(target.Version, mirrored) : null,
                };
                return next == record ? record : next;
            },
            cancellationToken
        );
        // Looked for when callers are divided already: a deletion is refused from then on, and one before is seen here.
        if (refusal is null && await registry.FindAsync(target.Model, target.Version, cancellationToken) is null)
        {
            await ReleaseAsync(target, cancellationToken);
            return $"Model '{target.Model}' has no version {target.Version} any more.";
        }
        return refusal;
    }

    /// <summary>All traffic to the version that the alias names; the record is free for the next.</summary>
    public Task ReleaseAsync(PromotionTarget target, CancellationToken cancellationToken) =>
        rollouts.UpdateAsync(
            target.Environment,
            target.Model,
            record =>
            {
                if (record is null)
                {
                    // Kept, so that a step that is still on its way is refused.
                    return target.Before is { } before
                        ? RolloutRecord.Idle(target.Environment, target.Model, before) with
                        {
                            LastOwner = target.Promotion,
                        }
                        : null;
                }
                if (record.Owner == target.Promotion)
                {
                    return record.Cleared();
                }
                return record.Owner is null && record.LastOwner != target.Promotion ? record with { LastOwner = target.Promotion } : record;
            },
            cancellationToken
        );

    /// <summary>All promotions that hold a model's traffic, of versions that are not told, and whether callers meet them.</summary>
    public async Task<IReadOnlyList<(PromotionTarget Owner, bool HasCanary)>> ListOwnersAsync(CancellationToken cancellationToken) =>
        [
            .. from record in await rollouts.ListAsync(cancellationToken)
            where record.Owner?.StartsWith(PromotionScheduler.IdPrefix, StringComparison.Ordinal) == true
            select (
                new PromotionTarget(record.Owner!, record.Environment, record.Model, Version: 0, record.Stable),
                record.Canary is not null
            ),
        ];

    /// <summary>Null when the alias names the version; otherwise why it does not.</summary>
    public async Task<string?> MoveAliasAsync(PromotionTarget target, string by, string why, CancellationToken cancellationToken)
    {
        ModelAlias? alias = await aliases.FindAsync(target.Environment, target.Model, cancellationToken);
        if (alias?.Version == target.Version)
        {
            return null;
        }
        if (
            await rollouts.FindAsync(target.Environment, target.Model, cancellationToken) is { } record
            && Refusal(target, record) is { } refusal
        )
        {
            return refusal;
        }
        try
        {
            await aliases.MoveAsync(
                target.Environment,
                target.Model,
                new AliasMove(target.Version, AliasExpectation.OfVersion(target.Before), by, why),
                cancellationToken
            );
            return null;
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.Conflict or RegistryFault.Missing or RegistryFault.Unsigned)
        {
            return e.Message;
        }
    }

    /// <summary>Takes back what this promotion moved, where nobody moved it on since.</summary>
    public async Task RestoreAliasAsync(PromotionTarget target, CancellationToken cancellationToken)
    {
        ModelAlias? alias = await aliases.FindAsync(target.Environment, target.Model, cancellationToken);
        if (alias?.Version != target.Version || target.Before == target.Version || !IsOurs(alias, target))
        {
            return;
        }
        AliasMove back = new(target.Before, AliasExpectation.OfVersion(alias.Version), By, $"{WhyOf(target)} did not complete.")
        {
            Event = HistoryEvent.RolledBack,
        };
        try
        {
            await aliases.MoveAsync(target.Environment, target.Model, back, cancellationToken);
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Conflict)
        {
            // Somebody decided otherwise in this very moment.
        }
    }

    public static string WhyOf(PromotionTarget target) => $"Promotion {target.Promotion}";

    private static bool IsOurs(ModelAlias alias, PromotionTarget target) =>
        alias.Why?.StartsWith(WhyOf(target), StringComparison.Ordinal) == true;

    private static string? Refusal(PromotionTarget target, RolloutRecord? record)
    {
        if (record?.LastOwner == target.Promotion)
        {
            return $"Promotion '{target.Promotion}' was ended.";
        }
        if (record?.Owner is { } owner && owner != target.Promotion)
        {
            return $"The traffic of '{target.Model}' in {target.Environment} is held by '{owner}'.";
        }
        return null;
    }
}
