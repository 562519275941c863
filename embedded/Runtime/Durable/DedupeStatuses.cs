using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>Which statuses of an existing instance refuse a start of the same id.</summary>
internal static class DedupeStatuses
{
    public static readonly IReadOnlySet<OrchestrationRuntimeStatus> Unfinished = new HashSet<OrchestrationRuntimeStatus>
    {
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
    };

    public static readonly IReadOnlySet<OrchestrationRuntimeStatus> Finished = new HashSet<OrchestrationRuntimeStatus>
    {
        OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    };

    /// <summary>What the options say or, when they say nothing, the Functions host's default: a running instance is never replaced.</summary>
    public static IReadOnlySet<OrchestrationRuntimeStatus> Of(StartOrchestrationOptions? options)
    {
        if (options?.DedupeStatuses is not { } names)
            return Unfinished;

        HashSet<OrchestrationRuntimeStatus> statuses = [.. names.Select(Parse)];

        // Replacing a running instance terminates it, which a caller that refuses terminated ones cannot mean.
        return statuses.Contains(OrchestrationRuntimeStatus.Terminated) && !statuses.IsSupersetOf(Unfinished)
            ? throw new ArgumentException(
                $"Dedupe statuses with {OrchestrationRuntimeStatus.Terminated} must also name {string.Join(", ", Unfinished)}; "
                + $"found: {string.Join(", ", names)}.", nameof(options))
            : statuses;
    }

    private static OrchestrationRuntimeStatus Parse(string name) =>
        Enum.TryParse(name, ignoreCase: true, out OrchestrationRuntimeStatus status)
        && StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Contains(status)
            ? status
            : throw new ArgumentException(
                $"'{name}' is not a dedupe status; valid are {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.",
                nameof(name));
}
