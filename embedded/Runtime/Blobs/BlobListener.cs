using Microsoft.Data.Sqlite;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.StorageLog;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>
/// Finds new versions of blobs in three ways (the access log at once, scans as the safety net, attempts that have become due) and
/// feeds them to a bounded number of workers.
/// </summary>
internal sealed class BlobListener(BlobWorker worker, AccessLogs logs, int workers, TimeProvider time) : ITriggerListener
{
    private const int MaxBacklog = 10_000;
    private const int DueBatch = 256;

    private static readonly TimeSpan DueRecheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDueWait = TimeSpan.FromMinutes(10);

    private readonly BlobBacklog _backlog = new(MaxBacklog, time);
    private readonly ScanPace _pace = new(logs.Azure is not null);
    private readonly Wakeup _scanWanted = new(time);
    private readonly Wakeup _dueChanged = new(time);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        logs.Azure?.Subscribe(Notice); // before the first scan, so that nothing falls between
        worker.Receipts.MakeAllDue();
        _running = Task.WhenAll([ScanAsync(), FeedDueAsync(), .. Enumerable.Range(0, workers).Select(_ => WorkAsync())]);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Runs the function for the blob at <c>container/name</c>, done or not.</summary>
    public async Task RunNowAsync(string input, CancellationToken cancellationToken)
    {
        var name = input.StartsWith($"{worker.Container.Name}/", StringComparison.Ordinal) ? input[(worker.Container.Name.Length + 1)..] : input;
        var parts = worker.Path.Match(name) ?? throw new ArgumentException($"'{input}' does not match the trigger's path");
        var blob = await worker.FindAsync(name, cancellationToken) ?? throw new ArgumentException($"there is no blob '{input}'");
        await worker.RunAsync(blob, parts, retryCount: 0);
    }

    private void Notice(AccessLogLine request)
    {
        var name = AzureRequests.WrittenBlob(request, worker.Account, worker.Container.Name);
        if (name is not null && worker.Path.Match(name) is not null && !_backlog.TryAdd(name))
            _scanWanted.Signal();
    }

    private async Task WorkAsync()
    {
        while (await NextNameAsync() is { } name)
        {
            // A blob stays with its worker while storage is away: nothing is lost, and nothing piles up.
            var (_, isDueLater) = await WithStorageAsync(() => worker.LookAsync(name, _stop.Token));
            _backlog.Finish(name);
            if (isDueLater)
                _dueChanged.Signal();
        }
    }

    private async Task ScanAsync()
    {
        do
        {
            var started = time.GetTimestamp();
            var (scanned, found) = await WithStorageAsync(AddUnknownAsync);
            if (!scanned)
                return;
            _pace.Scanned(found, time.GetElapsedTime(started));
        }
        while (await RestAsync(_scanWanted, _pace.Next));
    }

    private async Task<int> AddUnknownAsync()
    {
        var found = 0;
        await foreach (var name in BlobScan.UnknownAsync(worker.Container, worker.Path, worker.Receipts, _stop.Token))
        {
            await _backlog.AddAsync(name, _stop.Token);
            found++;
        }

        return found;
    }

    private async Task FeedDueAsync()
    {
        TimeSpan wait;
        do
            wait = AddDue();
        while (await RestAsync(_dueChanged, wait < LongestDueWait ? wait : LongestDueWait));
    }

    /// <summary>Returns how long nothing more becomes due.</summary>
    private TimeSpan AddDue()
    {
        try
        {
            var now = time.GetUtcNow();
            var due = worker.Receipts.FindDue(now, DueBatch);
            foreach (var name in due)
                _backlog.TryAdd(name); // one without room now is still due at the next look
            return due.Count > 0 ? DueRecheck : worker.Receipts.NextDue() - now ?? LongestDueWait;
        }
        catch (SqliteException failure)
        {
            worker.ReportReceipts(failure);
            return DueRecheck;
        }
    }

    /// <summary>Repeats the work while storage is away; not done, and the default, where the host stops first.</summary>
    private async Task<(bool Done, T Result)> WithStorageAsync<T>(Func<Task<T>> work)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var result = await work();
                if (worker.Storage.Over())
                    _scanWanted.Signal(); // what came while it was away may have left no trace in the log
                return (true, result);
            }
            catch (Exception failure) when (!_stop.IsCancellationRequested)
            {
                await Task.WhenAny(Task.Delay(worker.Storage.Failed(failure), time, _stop.Token));
            }
            catch (Exception)
            {
                break;
            }
        }

        return (false, default!);
    }

    /// <summary>Null where the host stops first.</summary>
    private async Task<string?> NextNameAsync()
    {
        try
        {
            return await _backlog.TakeAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>False where the host stops first.</summary>
    private async Task<bool> RestAsync(Wakeup wakeup, TimeSpan longest)
    {
        try
        {
            await wakeup.WaitAsync(longest, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
