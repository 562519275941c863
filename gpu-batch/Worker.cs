using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Inference;
using Serverless.Storage;

namespace Serverless.GpuBatch;

/// <summary>
/// Takes jobs from its queues in turn, as many as may run at once, until it is told to stop; then lets them finish or hands them back.
/// </summary>
internal sealed class Worker(
    IReadOnlyList<IWorkQueue> queues,
    JobRunner runner,
    InferenceRuntime runtime,
    WorkerOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Worker> log
) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly HashSet<Task> _running = []; // touched by the intake loop alone

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        log.Started(string.Join(" and ", queues.Select(queue => queue.Name)), runtime.Provider, runtime.ProviderReason, runtime.Threads);
        using CancellationTokenSource abandon = new();
        try
        {
            await TakeAsync(cancellationToken, abandon.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }

        Task drained = Task.WhenAll(_running);
        await Task.WhenAny(drained, Task.Delay(options.DrainGrace, time, CancellationToken.None));
        await abandon.CancelAsync();
        await drained;
        lifetime.StopApplication();
    }

    private async Task TakeAsync(CancellationToken cancellationToken, CancellationToken abandon)
    {
        TimeSpan pause = FirstPause;
        long lastWork = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _running.RemoveWhere(job => job.IsCompleted);
            if (_running.Count >= options.JobsAtOnce)
            {
                await Task.WhenAny(_running).WaitAsync(cancellationToken);
                continue;
            }

            if (await TakeOnceAsync(cancellationToken, abandon) > 0)
            {
                pause = FirstPause;
                continue;
            }

            if (_running.Count > 0)
            {
                lastWork = time.GetTimestamp();
            }
            if (options.UntilEmpty && time.GetElapsedTime(lastWork) > options.Lease)
            {
                return;
            }
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < options.MaxPause ? pause * 2 : options.MaxPause;
        }
    }

    private async Task<int> TakeOnceAsync(CancellationToken cancellationToken, CancellationToken abandon)
    {
        int taken = 0;
        foreach (IWorkQueue queue in queues)
        {
            int free = options.JobsAtOnce - _running.Count;
            if (free <= 0)
            {
                break;
            }
            foreach (WorkItem item in await ReceiveAsync(queue, free, cancellationToken))
            {
                _running.Add(runner.RunAsync(queue, item, abandon));
                taken++;
            }
        }

        return taken;
    }

    /// <summary>A store that is away is asked again at the next turn; the other goes on.</summary>
    private async Task<IReadOnlyList<WorkItem>> ReceiveAsync(IWorkQueue queue, int free, CancellationToken cancellationToken)
    {
        try
        {
            return await queue.ReceiveAsync(free, options.Lease, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.QueueAway(queue.Name, e.Message);
            return [];
        }
    }
}
