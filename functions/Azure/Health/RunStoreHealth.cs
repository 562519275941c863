using Microsoft.DurableTask.Client;
using Serverless.Ingest.Health;

namespace Serverless.Functions.Azure.Health;

/// <summary>Whether the store of the orchestrations' runs answers. Thread-safe.</summary>
public sealed class RunStoreHealth
{
    private const string NoRun = "health";

    private readonly HealthOptions _options;
    private readonly BoundedLook<bool> _look;
    private volatile DurableTaskClient? _client;

    public RunStoreHealth(HealthOptions options, TimeProvider time)
    {
        _options = options;
        _look = new BoundedLook<bool>(
            async cancellationToken => await _client!.GetInstanceAsync(NoRun, cancellationToken) is not null,
            options.AnswerWithin,
            time
        );
    }

    /// <param name="client">Functions get theirs with each call.</param>
    public async Task<HealthFinding?> FaultAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        _client = client;
        try
        {
            await _look.TakeAsync(cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthFault.Of("run store", e, _options.AnswerWithin);
        }
    }
}
