using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Promotion;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;

namespace Serverless.Orchestrations.Drift.Following;

/// <summary>
/// Shadows that an alarm opens: another version gets copies of the traffic, and a report says in what its answers differ. Nobody owns such
/// a shadow, so that a promotion takes its place at once. Thread-safe.
/// </summary>
public sealed class DriftShadows(
    RolloutStore rollouts,
    ModelRegistry registry,
    DeploymentHistory history,
    DriftActions actions,
    DriftOptions options,
    TimeProvider time
)
{
    public const string Action = "openShadow";

    /// <summary>Between opening a shadow and starting its run a host may crash; the check that opened it tries again within this.</summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(10);

    public async Task<DriftDecision> DecideAsync(
        DurableTaskClient client,
        DriftSubject subject,
        DriftReport report,
        CancellationToken cancellationToken
    )
    {
        if (await actions.FindReplacedAsync(subject, cancellationToken) is { } replaced)
        {
            return Not(replaced);
        }
        if (await actions.FindCoolDownAsync(subject, Action, report.Name, "A shadow was opened", cancellationToken) is { } soon)
        {
            return Not(soon);
        }
        await CloseAbandonedAsync(client, subject.Environment, subject.Model, cancellationToken);
        (int? found, string? missing) = await ChooseAsync(subject, cancellationToken);
        if (found is not { } version)
        {
            return Not(missing!);
        }
        PromotionTarget target = new(
            ShadowScheduler.IdOf(subject, report.Name),
            subject.Environment,
            subject.Model,
            version,
            subject.Version
        );
        if (await OpenAsync(target, cancellationToken) is { } holder)
        {
            return Not($"The traffic of '{subject.Model}' in {subject.Environment} is held by '{holder}'.");
        }
        await client.StartAsync(new ShadowInput(target, options.Shadow.Lasting), cancellationToken);
        await actions.NoteAsync(
            subject,
            new DriftActNote(Action, report.Name, target.Promotion),
            $"{DriftWords.WhyOf(report)} Version {version} gets copies of the traffic.",
            cancellationToken
        );
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"Version {version} gets copies of {options.Shadow.Share:0.#%} of the requests for {options.Shadow.Lasting}."
        );
        return new DriftDecision(Action, Done: true, reason, time.GetUtcNow());

        DriftDecision Not(string reason) => new(Action, Done: false, reason, time.GetUtcNow());
    }

    /// <summary>Ends the shadow where it is still there. False where something else took its place, or ended it.</summary>
    public async Task<bool> CloseAsync(PromotionTarget target, CancellationToken cancellationToken)
    {
        bool closed = false;
        await rollouts.UpdateAsync(
            target.Environment,
            target.Model,
            record => (closed = record is not null && IsOf(record, target)) ? record! with { Shadow = null } : record,
            cancellationToken
        );
        return closed;
    }

    /// <summary>Ends a shadow whose run has ended without ending it, since somebody terminated or purged it.</summary>
    public async Task CloseAbandonedAsync(DurableTaskClient client, string environment, string model, CancellationToken cancellationToken)
    {
        if (
            await rollouts.FindAsync(environment, model, cancellationToken) is { Owner: null, Shadow: { } shadow } record
            && record.Salt.StartsWith(ShadowScheduler.IdPrefix, StringComparison.Ordinal)
            && time.GetUtcNow() - record.Changed > StartsWithin
            && await client.GetInstanceAsync(record.Salt, cancellationToken) is null or { IsCompleted: true }
        )
        {
            await CloseAsync(new PromotionTarget(record.Salt, environment, model, shadow.Version, record.Stable), cancellationToken);
        }
    }

    /// <summary>Null where the shadow stands, else who holds the traffic.</summary>
    private async Task<string?> OpenAsync(PromotionTarget target, CancellationToken cancellationToken)
    {
        string? holder = null;
        await rollouts.UpdateAsync(
            target.Environment,
            target.Model,
            record =>
            {
                holder = record is null || record.IsIdle || IsOf(record, target) ? null : record.Owner ?? "another shadow";
                return holder is not null || (record is not null && IsOf(record, target))
                    ? record
                    : (record ?? RolloutRecord.Idle(target.Environment, target.Model, target.Before!.Value)) with
                    {
                        Stable = target.Before!.Value,
                        Salt = target.Promotion,
                        Shadow = new ShadowTap(target.Version, options.Shadow.Share),
                    };
            },
            cancellationToken
        );
        return holder;
    }

    /// <summary>Whoever takes the traffic gives the record another salt.</summary>
    private static bool IsOf(RolloutRecord record, PromotionTarget target) =>
        record is { Owner: null, Shadow: { } shadow } && record.Salt == target.Promotion && shadow.Version == target.Version;

    private async Task<(int? Version, string? Missing)> ChooseAsync(DriftSubject subject, CancellationToken cancellationToken)
    {
        int? version =
            options.Shadow.Version == DriftShadowVersion.Previous
                ? await FindPreviousAsync(subject, cancellationToken)
                : await FindNewestAsync(subject, cancellationToken);
        return (
            version,
            options.Shadow.Version == DriftShadowVersion.Previous
                ? $"No other version of '{subject.Model}' that there still is has served in {subject.Environment}."
                : $"No version of '{subject.Model}' is newer than {subject.Version}."
        );
    }

    private async Task<int?> FindPreviousAsync(DriftSubject subject, CancellationToken cancellationToken)
    {
        IReadOnlyList<HistoryRecord> records = await history.ListAsync(subject.Environment, subject.Model, cancellationToken);
        int? previous = records.LastOrDefault(record => record.Version is { } served && served != subject.Version)?.Version;
        return previous is { } version && await registry.FindAsync(subject.Model, version, cancellationToken) is not null ? version : null;
    }

    private async Task<int?> FindNewestAsync(DriftSubject subject, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelManifest> versions = (await registry.ListAsync(subject.Model, cancellationToken)).Items;
        int newest = versions.Select(manifest => manifest.Version).DefaultIfEmpty().Max();
        return newest > subject.Version ? newest : null;
    }
}
