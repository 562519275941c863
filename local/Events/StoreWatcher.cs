using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Serverless.Local.Events.AccessLogs;
using Serverless.Local.Events.Stores;
using Serverless.Local.Queues;

namespace Serverless.Local.Events;

/// <summary>
/// Finds new versions of objects and those that are gone: at once what the access log names, and by listing the store, at the start and
/// then rarely, what it did not.
/// </summary>
internal sealed class StoreWatcher(
    IWatchedStore store,
    ObjectJournal journal,
    Wakeup announced,
    bool hasLog,
    TimeProvider time,
    ILogger logger
)
{
    private const int MaxKeysTogether = 32;
    private const int MaxKeysWaiting = 10_000;
    private static readonly TimeSpan FirstOutagePause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestOutagePause = TimeSpan.FromSeconds(10);

    private readonly Channel<string> _changed = Channel.CreateBounded<string>(MaxKeysWaiting);
    private readonly Wakeup _rescan = new(time);
    private readonly ScanPace _pace = new(hasLog);

    /// <summary>Tells of a finished request; never waits.</summary>
    public void Observe(AccessLogLine request)
    {
        // More keys than fit are found by the scan.
        if (store.ChangedKey(request) is { } key && !_changed.Writer.TryWrite(key))
        {
            _rescan.Signal();
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task scanning = ScanAsync(stop.Token),
            looking = LookAtChangedAsync(stop.Token);
        await Task.WhenAny(scanning, looking);
        await stop.CancelAsync(); // half a watcher would find less, and nobody would notice
        await Task.WhenAll(scanning, looking);
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        for (int failures = 0; ; )
        {
            TimeSpan pause;
            try
            {
                long started = time.GetTimestamp();
                _pace.Scanned(await ScanOnceAsync(cancellationToken), time.GetElapsedTime(started));
                if (failures > 0)
                {
                    logger.StoreIsBack(store.Name, failures);
                }

                (failures, pause) = (0, _pace.Next);
            }
            catch (Exception e) when (store.IsOutage(e) && !cancellationToken.IsCancellationRequested)
            {
                if (failures++ == 0)
                {
                    logger.StoreIsAway(store.Name, e.Message.ReplaceLineEndings(" "));
                }

                pause = OutagePause(failures);
            }

            await _rescan.WaitAsync(pause, cancellationToken);
        }
    }

    private async Task<int> ScanOnceAsync(CancellationToken cancellationToken)
    {
        int news = 0;
        journal.BeginScan();
        await foreach (IReadOnlyList<FoundObject> page in store.ListPagesAsync(cancellationToken))
        {
            news += Announce(page);
        }

        int gone = journal.EndScan();
        SignalIf(gone > 0);
        return news + gone;
    }

    private async Task LookAtChangedAsync(CancellationToken cancellationToken)
    {
        HashSet<string> keys = [];
        while (await _changed.Reader.WaitToReadAsync(cancellationToken))
        {
            keys.Clear();
            while (keys.Count < MaxKeysTogether && _changed.Reader.TryRead(out string? key))
            {
                keys.Add(key);
            }

            try
            {
                await LookAtAsync([.. keys], cancellationToken);
            }
            catch (Exception e) when (store.IsOutage(e) && !cancellationToken.IsCancellationRequested)
            {
                _rescan.Signal();
            }
        }
    }

    private async Task LookAtAsync(string[] keys, CancellationToken cancellationToken)
    {
        FoundObject?[] found = await Task.WhenAll(keys.Select(key => store.FindAsync(key, cancellationToken)));
        Announce([.. found.OfType<FoundObject>()]);
        foreach ((string key, FoundObject? one) in keys.Zip(found))
        {
            SignalIf(one is null && journal.Forget(key) > 0);
        }
    }

    private int Announce(IReadOnlyList<FoundObject> found)
    {
        int news = journal.Announce(found);
        SignalIf(news > 0);
        return news;
    }

    private void SignalIf(bool isNews)
    {
        if (isNews)
        {
            announced.Signal();
        }
    }

    private static TimeSpan OutagePause(int failures)
    {
        TimeSpan pause = FirstOutagePause * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < LongestOutagePause ? pause : LongestOutagePause;
    }
}
