using Microsoft.DurableTask.Client;
using Serverless.Ingest;

namespace Serverless.Orchestrations.Ingest;

/// <summary>Starts runs. Whoever asks for a run that was started before, ended or not, starts nothing.</summary>
public static class IngestScheduler
{
    /// <summary>False when the run exists already.</summary>
    public static async Task<bool> StartAsync(
        this DurableTaskClient client,
        AssetSource source,
        int run,
        CancellationToken cancellationToken
    )
    {
        string instance = source.InstanceId(run);
        return await client.GetInstanceAsync(instance, cancellationToken) is null
            && await client.ScheduleOnceAsync(nameof(IngestAsset), new IngestInput(source, run), instance, cancellationToken);
    }
}
