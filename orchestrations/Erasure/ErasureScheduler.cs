using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Erasure;

/// <summary>Starts the search for captured predictions of erased assets, once a day.</summary>
public static class ErasureScheduler
{
    public static Task EraseCapturesAsync(this DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken) =>
        client.ScheduleOnceAsync(
            nameof(EraseCaptures),
            new EraseCapturesInput(),
            $"erase-captures-{now.UtcDateTime:yyyyMMdd}",
            cancellationToken
        );
}
