namespace Serverless.EndToEnd;

/// <summary>Waits for a condition of another process, which cannot notify us.</summary>
internal static class Eventually
{
    public static async Task<T> HoldsAsync<T>(Func<Task<T?>> look, string what, TimeSpan limit, CancellationToken cancellationToken)
        where T : class
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        using PeriodicTimer interval = new(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }
            try
            {
                await interval.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds:0} s.");
            }
        }
    }
}
