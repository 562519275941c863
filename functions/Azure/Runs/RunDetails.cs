using Microsoft.DurableTask.Client;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// Reads inputs, outputs and custom statuses of the runs of one page; to list with them would read those of every run looked at.
/// </summary>
internal static class RunDetails
{
    private const int AtOnce = 8;

    /// <summary>In the same order. A run that was purged meanwhile is left out.</summary>
    public static async Task<IReadOnlyList<OrchestrationMetadata>> ReadDetailsAsync(
        this DurableTaskClient client,
        IReadOnlyList<OrchestrationMetadata> runs,
        CancellationToken cancellationToken
    )
    {
        OrchestrationMetadata?[] details = new OrchestrationMetadata?[runs.Count];
        await Parallel.ForAsync(
            0,
            runs.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => details[i] = await client.GetInstanceAsync(runs[i].InstanceId, getInputsAndOutputs: true, token)
        );
        return [.. details.OfType<OrchestrationMetadata>()];
    }
}
