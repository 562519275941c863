using Microsoft.DurableTask.Client;
using Serverless.Ingest.Health;

namespace Serverless.Functions.Azure.Health;

/// <summary>Whether the store of the orchestrations' runs answers. Thread-safe.</summary>
public sealed class RunStoreHealth
{
    private const string NoRun = "health";

    private readonly HealthProbe<OrchestrationMetadata?> _probe;
    private volatile DurableTaskClient? _client;

    public RunStoreHealth(HealthOptions options, TimeProvider time) =>
        _probe = new("run store", cancellationToken => _client!.GetInstanceAsync(NoRun, cancellationToken), options, time);

    /// <param name="client">Functions get theirs with each call.</param>
    public Task<HealthFinding?> FaultAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        _client = client;
        return _probe.FaultAsync(cancellationToken);
    }
}
