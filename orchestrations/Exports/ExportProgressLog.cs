using Serverless.Exports;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <summary>How far runs of exports have come, each in an object of its own, written every few seconds. Thread-safe.</summary>
public sealed class ExportProgressLog(AzureObjectStore store, TimeProvider time)
{
    private const string Prefix = "export-runs/";
    private const int MaxBytes = 16 << 10;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Takes what it is told and keeps it, at most every two seconds. For one export.</summary>
    public Func<ExportProgress, Task> Begin(string run, CancellationToken cancellationToken)
    {
        long? last = null;
        return async progress =>
        {
            if (last is { } at && time.GetElapsedTime(at) < Every)
            {
                return;
            }
            last = time.GetTimestamp();
            using Stream body = StoredJson.Write(progress).ToStream();
            await store.WriteAsync(PathOf(run), body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
        };
    }

    /// <summary>Null of a run that has not begun to read.</summary>
    public async Task<ExportProgress?> FindAsync(string run, CancellationToken cancellationToken) =>
        await store.ReadAsync(PathOf(run), MaxBytes, cancellationToken) is { } found ? StoredJson.Read<ExportProgress>(found.Data) : null;

    /// <summary>Once the run has ended, its status says more.</summary>
    public Task EndAsync(string run, CancellationToken cancellationToken) => store.DeleteAsync(PathOf(run), cancellationToken);

    private static string PathOf(string run) => $"{Prefix}{run}.json";
}
