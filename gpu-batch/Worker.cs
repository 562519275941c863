using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Inference;
using Serverless.Ingest.Health;
using Serverless.Storage;

namespace Serverless.GpuBatch;

/// <summary>
/// Takes jobs from its queues in turn, as many as may run at once, until it is told to stop; then lets them finish or hands them back.
/// While as many long ones run as may, it looks among those that wait for short ones, and hands the others back.
/// </summary>
internal sealed class Worker(
    IReadOnlyList<IWorkQueue> queues,
    JobRunner runner,
    WorkerReport report,
    GpuBatchMeter meter,
    InferenceRuntime runtime,
    WorkerOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Worker> log
) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Seen at a look for short ones.</summary>
    private const int LookedAtOnce = 16;

    /// <summary>So long another worker has the first chance at a job that this one has no place for.</summary>
    private static readonly TimeSpan HandBackDelay = TimeSpan.FromSeconds(2);

    private readonly JobSlots _slots = new(options, time);

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

        Task drained = _slots.All;
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
            _slots.ForgetEnded();
            report.Take(_slots.InHand);
            if (_slots.Free <= 0)
            {
                await _slots.Any.WaitAsync(cancellationToken);
                continue;
            }

            if (await TakeOnceAsync(cancellationToken, abandon) > 0)
            {
                pause = FirstPause;
                continue;
            }

            if (_slots.Count > 0)
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
            if (_slots.Free <= 0)
            {
                break;
            }
            List<WorkItem> left = [];
            int wanted = _slots.HasRoomFor(isLong: true) ? _slots.Free : LookedAtOnce;
            int takenBefore = taken;
            foreach (WorkItem item in await ReceiveAsync(queue, wanted, cancellationToken))
            {
                bool isLong = _slots.IsLong(item);
                bool isAlone = JobSlots.MustBeAlone(item);
                if (!(isAlone ? _slots.HasRoomForOneAlone() : _slots.HasRoomFor(isLong)))
                {
                    left.Add(item);
                    continue;
                }
                JobInHand job = new(item.Id, isLong ? JobLane.Long : JobLane.Short, time.GetUtcNow(), JobSlots.JobIdOf(item), item.Attempt);
                _slots.Add(runner.RunAsync(queue, item, abandon, isAlone ? _slots.All : null), job, isAlone);
                taken++;
            }
            meter.BatchTaken(taken - takenBefore);
            await Task.WhenAll(left.Select(item => HandBackAsync(queue, item)));
        }

        return taken;
    }

    /// <summary>When the store does not answer, the lease runs out by itself.</summary>
    private async Task HandBackAsync(IWorkQueue queue, WorkItem item)
    {
        try
        {
            await queue.ReleaseAsync(JobSlots.HandedBack(item), HandBackDelay, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.NotReleased(item.Id, e.Message);
        }
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
