namespace Serverless.Inference.Serving.Residency;

/// <summary>
/// Reads and opens models on threads of their own, since that blocks for seconds, which the thread pool's few threads should not. What
/// takes longer than it may is told to stop, and waited for no longer. Thread-safe.
/// </summary>
/// <param name="cancellationToken">Ends all that is being opened.</param>
internal sealed class BoundedOpening(TimeSpan loadDeadline, TimeProvider time, CancellationToken cancellationToken)
{
    /// <exception cref="ServingException">LoadFailed: it took too long.</exception>
    public async Task<T> RunAsync<T>(Resident resident, Func<CancellationToken, T> open)
    {
        var limit = new CancellationTokenSource(loadDeadline, time);
        CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(l => ((CancellationTokenSource)l!).Cancel(), limit);
        Task<T> opening = Task.Factory.StartNew(
            () => open(limit.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        try
        {
            return await opening.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            resident.StillRunning = DiscardAsync(opening);
            throw cancellationToken.IsCancellationRequested
                ? new OperationCanceledException(cancellationToken)
                : new ServingException(
                    ServingFault.LoadFailed,
                    $"Model {resident.Version} could not be loaded: it was not within {loadDeadline} (LoadDeadline), and was given up."
                );
        }
        finally
        {
            await stop.DisposeAsync().ConfigureAwait(false);
            if (opening.IsCompleted)
            {
                limit.Dispose();
            }
        }
    }

    private static async Task DiscardAsync<T>(Task<T> opening)
    {
        await Task.WhenAny(opening).ConfigureAwait(false);
        if (opening.IsCompletedSuccessfully)
        {
            (opening.Result as IDisposable)?.Dispose();
        }
        _ = opening.Exception; // seen: nobody waits for it
    }
}
