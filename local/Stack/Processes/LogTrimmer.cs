namespace Serverless.Local.Stack.Processes;

/// <summary>
/// Keeps each log file of the stack under <see cref="MaxLogBytes"/> by emptying it. The members append, so they go on at the
/// start; an access-log line lost this way is found again by the triggers' scans.
/// </summary>
internal sealed class LogTrimmer : IAsyncDisposable
{
    public const long MaxLogBytes = 64 << 20;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public LogTrimmer(string directory, TimeProvider time)
    {
        _loop = TrimAsync(directory, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop.IsCompleted)
        {
            return; // disposed before
        }
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private async Task TrimAsync(string directory, TimeProvider time)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(30), time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Trim(directory);
            }
        }
        catch (OperationCanceledException) { }
    }

    private static void Trim(string directory)
    {
        try
        {
            foreach (FileInfo log in new DirectoryInfo(directory).EnumerateFiles("*.log").Where(f => f.Length > MaxLogBytes))
            {
                using (FileStream file = new(log.FullName, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    file.SetLength(0);
                }
            }
        }
        catch (IOException)
        {
            // Gone meanwhile, or the disk is away: at the next tick, perhaps.
        }
    }
}
