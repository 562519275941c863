using Microsoft.Azure.Functions.Worker;
using Serverless.Captures;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <param name="Problem">Why there is nothing to watch any more; null while there is.</param>
/// <param name="Report">What a shadow that broke a guardrail showed until then, among the version's reports.</param>
public sealed record TrafficSeen(
    GuardTally Seen,
    CaptureCursor Cursor,
    IReadOnlyList<GuardFinding> Findings,
    string? Problem,
    string? Report = null
);

/// <summary>
/// Counts what was captured since the last look and judges it. All that it knows goes in and comes out; beside that it only keeps, for
/// people, how the guardrails stood, and in what a shadow that broke one differed.
/// </summary>
public sealed class SampleTraffic(
    CaptureTail captures,
    RolloutStore rollouts,
    ModelAliases aliases,
    PromotionWatches watches,
    DifferenceReports differences,
    StablePastReader past,
    TimeProvider time
)
{
    /// <summary>Caches fill in the first seconds of a step, in which times say little.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    [Function(nameof(SampleTraffic))]
    public async Task<TrafficSeen> RunAsync([ActivityTrigger] WatchInput input, CancellationToken cancellationToken)
    {
        PromotionTarget target = input.Target;
        int stable = target.Before ?? throw new ArgumentException("There is nothing to compare the version with.", nameof(input));
        int? alias = (await aliases.FindAsync(target.Environment, target.Model, cancellationToken))?.Version;
        if (alias != stable)
        {
            return End(
                input,
                $"The alias was moved meanwhile, from version {stable} to {(alias is null ? "nothing" : $"version {alias}")}."
            );
        }
        RolloutRecord? record = await rollouts.FindAsync(target.Environment, target.Model, cancellationToken);
        if (record?.Owner != target.Promotion)
        {
            return End(input, "The rollout was ended meanwhile: by somebody, or since its run was suspended.");
        }

        if (input is { HasPast: true, Seen.Past: null })
        {
            input = input with
            {
                Seen = await past.ReadAsync(target.Model, stable, target.Environment, input.Since, input.Guards, cancellationToken),
            };
        }
        await foreach (
            CaptureRecord line in captures.ReadAsync(
                target.Model,
                [stable, target.Version],
                target.Environment,
                input.Since,
                input.Cursor,
                cancellationToken
            )
        )
        {
            input.Seen.Add(line, stable, target.Version, input.Guards, input.Since + WarmUp);
        }
        (IReadOnlyList<GuardFinding> findings, IReadOnlyList<GuardReading> readings) = new Guardrails(input.Guards, input.Steps).Judge(
            input.Seen
        );
        if (input.Step is { } step)
        {
            await watches.NoteAsync(target, step, GuardLook.Of(time.GetUtcNow(), input.Seen, readings), cancellationToken);
        }
        // Callers of a canary do not wait for a report to be taken back to what served before; a shadow has none.
        string? report =
            findings.Count > 0 && input is { Kind: WatchKind.Shadow, Step: { } shadow }
                ? (await differences.WriteAsync(new DiffInput(target, shadow, input.Since, input.Guards), cancellationToken)).Report
                : null;
        return new TrafficSeen(input.Seen, input.Cursor, findings, null, report);
    }

    private static TrafficSeen End(WatchInput input, string problem) => new(input.Seen, input.Cursor, [], problem);
}
