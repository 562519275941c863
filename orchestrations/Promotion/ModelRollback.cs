using Microsoft.DurableTask.Client;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Promotion;

/// <param name="Serves">The version that serves now.</param>
/// <param name="From">The version that callers met until now; null where an experiment divided them.</param>
/// <param name="Ended">The promotion or experiment that was ended by it.</param>
/// <param name="Problem">Why nothing was done; null where it was.</param>
public sealed record RollbackOutcome(string Environment, string Model, int? Serves, int? From, string? Ended, string? Problem = null);

/// <summary>
/// Back to what served before the newest change, at once: by itself, without waiting for any run. Thread-safe.
/// </summary>
public sealed class ModelRollback(RolloutStore rollouts, ModelAliases aliases, DeploymentHistory history, WebhookPublisher webhooks)
{
    public async Task<RollbackOutcome> RunAsync(
        DurableTaskClient client,
        string environment,
        string model,
        string by,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        ModelAlias? alias = await aliases.FindAsync(environment, model, cancellationToken);
        if (alias is null)
        {
            return new(environment, model, null, null, null, $"Nothing serves '{model}' in {environment}.");
        }
        RolloutRecord? ended = await EndRolloutAsync(environment, model, cancellationToken);
        string why = reason ?? "Rolled back by hand.";
        // Where the newest change has divided the callers, they are back already.
        RollbackOutcome outcome =
            ended is { Canary: not null } or { Experiment: not null } && ended.Stable == alias.Version
                ? new(environment, model, alias.Version, ended.Canary?.Version, ended.Owner)
                : await MoveBackAsync(alias, by, why, ended?.Owner, cancellationToken);
        if (ended?.Owner?.StartsWith(PromotionScheduler.IdPrefix, StringComparison.Ordinal) == true)
        {
            await client.RaiseEventAsync(ended.Owner, RunCancel.EventName, new RunCancel(by, $"Rollback. {why}"), cancellationToken);
        }
        if (outcome.Problem is null)
        {
            await webhooks.PublishAsync(
                "model.rolledBack",
                $"{environment}/{model}/{outcome.Serves}",
                $"{alias.Tag}/{ended?.Revision}",
                outcome,
                cancellationToken
            );
        }
        return outcome;
    }

    /// <summary>All callers to the stable version; answers the record that was, where it divided them.</summary>
    private async Task<RolloutRecord?> EndRolloutAsync(string environment, string model, CancellationToken cancellationToken)
    {
        RolloutRecord? was = null;
        await rollouts.UpdateAsync(
            environment,
            model,
            record =>
            {
                was = record;
                return record is null || record.IsIdle ? record : record.Cleared();
            },
            cancellationToken
        );
        return was is { IsIdle: false } ? was : null;
    }

    private async Task<RollbackOutcome> MoveBackAsync(
        ModelAlias alias,
        string by,
        string why,
        string? ended,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<HistoryRecord> records = await history.ListAsync(alias.Environment, alias.Name, cancellationToken);
        if (PreviousOf(records) is not { } version)
        {
            return new(
                alias.Environment,
                alias.Name,
                alias.Version,
                alias.Version,
                ended,
                $"No other version of '{alias.Name}' served in {alias.Environment} before."
            );
        }
        AliasMove move = new(version, AliasExpectation.OfVersion(alias.Version), by, why) { Event = HistoryEvent.RolledBack };
        ModelAlias? moved = await aliases.MoveAsync(alias.Environment, alias.Name, move, cancellationToken);
        return new(alias.Environment, alias.Name, moved?.Version, alias.Version, ended);
    }

    /// <summary>
    /// Null where there is none. What was taken back is nothing to go back to: who asks twice, or a day later of an older version, would
    /// get the very version that was to go.
    /// </summary>
    internal static int? PreviousOf(IEnumerable<HistoryRecord> records)
    {
        Stack<int?> served = new([null]);
        foreach (HistoryRecord record in records.Where(record => record.Event != HistoryEvent.Noted))
        {
            if (record.Event is HistoryEvent.RolledBack or HistoryEvent.Restored && served.Contains(record.Version))
            {
                while (served.Peek() != record.Version)
                {
                    served.Pop();
                }
            }
            else
            {
                served.Push(record.Version);
            }
        }
        int? now = served.Peek();
        return served.FirstOrDefault(version => version is not null && version != now);
    }
}
