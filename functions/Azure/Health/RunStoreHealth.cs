using Microsoft.DurableTask.Client;
using Serverless.Ingest.Health;

namespace Serverless.Functions.Azure.Health;

/// <summary>Whether the store of the orchestrations' runs answers, and takes writes where its provider can tell. Thread-safe.</summary>
public sealed class RunStoreHealth
{
    // No run and no entity of this app has such an id.
    private const string NoRun = "@health@none";

    private readonly HealthProbe<PurgeResult> _probe;
    private volatile DurableTaskClient? _client;

    // A full disk answers every read. A purge is a write that does nothing here: the provider on SQLite commits for it all the same, and
    // Azure Storage, which does not run full, looks the run up.
    public RunStoreHealth(HealthOptions options, TimeProvider time) =>
        _probe = new("run store", cancellationToken => _client!.PurgeInstanceAsync(NoRun, cancellationToken), options, time);

    /// <param name="client">Functions get theirs with each call.</param>
    public Task<HealthFinding?> FaultAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        _client = client;
        return _probe.FaultAsync(cancellationToken);
    }
}
