using Serverless.Registry;

namespace Serverless.Rollout;

/// <summary>Keeps from deletion the versions that a rollout under way sends requests to, or would go back to.</summary>
internal static class RolloutGuard
{
    public static VersionGuard Of(RolloutStore rollouts, IEnumerable<string> environments) =>
        async (version, cancellationToken) =>
        {
            foreach (string environment in environments)
            {
                if (
                    await rollouts.FindAsync(environment, version.Name, cancellationToken) is { IsIdle: false } record
                    && UseOf(record, version.Version) is { } use
                )
                {
                    return $"it is {use} in {environment}";
                }
            }
            return null;
        };

    private static string? UseOf(RolloutRecord record, int version) =>
        record.Stable == version ? "what a rollout under way goes back to"
        : record.Canary?.Version == version ? "the canary"
        : record.Shadow?.Version == version ? "the shadow"
        : record.Experiment?.Arms.FirstOrDefault(arm => arm.Version == version) is { } arm
            ? $"arm '{arm.Name}' of the experiment '{record.Experiment.Id}'"
        : null;
}
