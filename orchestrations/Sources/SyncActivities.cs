using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Sources;

/// <summary>Counts a part of what a sync will look at. Its key is the sync and where it is.</summary>
public sealed class CountSource(SourceSync sync)
{
    [Function(nameof(CountSource))]
    public Task<CountedPart> RunAsync([ActivityTrigger] SyncStep step, CancellationToken cancellationToken) =>
        sync.CountAsync(step, cancellationToken);
}

/// <summary>Begins what is new in a part of a source. Its key is the sync and where it is; what was begun is not begun again.</summary>
public sealed class SyncSourcePart(SourceSync sync)
{
    [Function(nameof(SyncSourcePart))]
    public Task<SyncedPart> RunAsync(
        [ActivityTrigger] SyncStep step,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => sync.RunAsync(client, step, cancellationToken);
}

/// <summary>Hands the source over to the reconcile. Its key is the sync.</summary>
public sealed class EndSourceSync(SourceSync sync)
{
    [Function(nameof(EndSourceSync))]
    public Task RunAsync([ActivityTrigger] SyncStep step, CancellationToken cancellationToken) => sync.EndAsync(step, cancellationToken);
}
