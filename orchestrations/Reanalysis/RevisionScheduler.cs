using Microsoft.DurableTask.Client;
using Serverless.Ingest.Reanalysis;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>Starts revisions of single assets.</summary>
public static class RevisionScheduler
{
    /// <summary>Each target of an asset version is revised once, however often it is asked for.</summary>
    public static async Task ReviseAsync(
        this DurableTaskClient client,
        IEnumerable<RevisionInput> inputs,
        CancellationToken cancellationToken
    )
    {
        foreach (RevisionInput input in inputs)
        {
            // Another file of the same film may be settled at the same time.
            await client.ScheduleOnceAsync(nameof(ReviseAsset), input, $"{input.Source.InstanceId()}-{input.Target}", cancellationToken);
        }
    }
}
