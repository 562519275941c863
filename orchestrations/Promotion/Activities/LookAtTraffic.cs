using Microsoft.Azure.Functions.Worker;
using Serverless.Captures;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <param name="Problem">Why there is nothing to watch any more; null while there is.</param>
public sealed record TrafficSeen(GuardTally Seen, CaptureCursor Cursor, IReadOnlyList<GuardFinding> Findings, string? Problem);

/// <summary>Counts what was captured since the last look and judges it. Changes nothing: all that it knows goes in and comes out.</summary>
public sealed class LookAtTraffic(CaptureTail captures, RolloutStore rollouts, ModelAliases aliases)
{
    /// <summary>Caches fill in the first seconds of a step, in which times say little.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    [Function(nameof(LookAtTraffic))]
    public async Task<TrafficSeen> RunAsync([ActivityTrigger] WatchInput input, CancellationToken cancellationToken)
    {
        PromotionTarget target = input.Target;
        int stable = target.Before ?? throw new ArgumentException("There is nothing to compare the version with.", nameof(input));
        int? alias = (await aliases.FindAsync(target.Environment, target.Model, cancellationToken))?.Version;
        if (alias != stable) return End(input, $"The alias was moved meanwhile, from version {stable} to {(alias is null ? "nothing" : $"version {alias}")}.");
        RolloutRecord? record = await rollouts.FindAsync(target.Environment, target.Model, cancellationToken);
        if (record?.Owner != target.Promotion) return End(input, "The rollout was ended meanwhile.");

        await foreach (CaptureRecord line in captures.ReadAsync(target.Model, [stable, target.Version], target.Environment, input.Since, input.Cursor, cancellationToken))
            input.Seen.Add(line, stable, target.Version, input.Guards, input.Since + WarmUp);
        return new TrafficSeen(input.Seen, input.Cursor, new Guardrails(input.Guards, input.Steps).Judge(input.Seen), null);
    }

    private static TrafficSeen End(WatchInput input, string problem) => new(input.Seen, input.Cursor, [], problem);
}
