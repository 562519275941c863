using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Models;
using Serverless.Ingest.Reanalysis;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>
/// The document <c>registry/spaces/{environment}/{model}.followed.json</c>: for which version analyses were last made anew.
/// </summary>
public sealed record FollowedVersion(int Version, string? Run);

/// <summary>
/// Starts a reanalysis where another version of a model that looks at uploads serves than the one that was followed last, be it by a
/// promotion, a rollback or by hand, and where a model is new among those that look. Idempotent: the run's id derives from the change.
/// </summary>
public sealed class PromotionFollower(
    RegistryStore home,
    RolloutTable routes,
    RolesOptions roles,
    RevisionSelection selection,
    ReanalysisOptions options,
    TimeProvider time,
    ILogger<PromotionFollower> log
)
{
    private const int MaxBytes = 4 << 10;
    private const string First = "first";

    public async Task FollowAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (string model in Enum.GetValues<ModelRole>().SelectMany(roles.Of).Distinct(StringComparer.Ordinal))
        {
            if (await routes.FindLastPlanAsync(roles.Environment, model, cancellationToken) is { } plan)
            {
                await FollowAsync(client, model, plan.Stable, cancellationToken);
            }
        }
    }

    private async Task FollowAsync(DurableTaskClient client, string model, int version, CancellationToken cancellationToken)
    {
        StoredDocument<FollowedVersion> document = new(
            home.Store,
            $"registry/spaces/{roles.Environment}/{model}.followed.json",
            MaxBytes,
            time
        );
        Stored<FollowedVersion>? before = await document.ReadAsync(cancellationToken);
        if (before?.Value.Version == version)
        {
            return;
        }
        string? run = null;
        ReanalysisRequest request = new(model, version) { RatePerMinute = options.RatePerMinute };
        ReanalysisPage? first = before is null ? await selection.SelectAsync(request, after: null, cancellationToken) : null;
        if (first is { IsBusy: true })
        {
            return; // looked at again at the next turn
        }
        // A new model that has looked at all there is needs no run.
        if (options.AfterPromotion && first is not { Assets.Count: 0, Next: null })
        {
            run = await client.StartAsync(request, KeyOf(before?.Tag ?? First), cancellationToken);
            log.ReanalysisStarted(run, model, version);
        }
        await document.UpdateAsync(known => known?.Version == version ? known : new FollowedVersion(version, run), cancellationToken);
    }

    /// <summary>Of the document before the change, which is another for every change.</summary>
    private static string KeyOf(string tag) => string.Concat(tag.Where(char.IsAsciiLetterOrDigit));
}
