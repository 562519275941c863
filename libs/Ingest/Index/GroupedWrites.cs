using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// Batches that come while a segment is being written go into the next one together: under load one object, and one request, for many
/// assets; one that comes alone waits for nobody. Each is acknowledged when its segment is written, or fails with it. Thread-safe; holds no
/// more than its callers do.
/// </summary>
internal sealed class GroupedWrites(Func<IReadOnlyList<AssetVectors>, Task> write)
{
    /// <summary>A group is kept in memory while it is written.</summary>
    private const int MostTogether = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(AssetVectors Batch, TaskCompletionSource Written)> _waiting = [];
    private bool _writing;

    public Task AddAsync(AssetVectors batch)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((batch, written));
            if (_writing)
            {
                return written.Task;
            }
            _writing = true;
        }
        _ = WriteWaitingAsync();
        return written.Task;
    }

    private async Task WriteWaitingAsync()
    {
        while (TakeWaiting() is { Count: > 0 } group)
        {
            try
            {
                await write([.. group.Select(one => one.Batch)]);
                foreach (var (_, written) in group)
                {
                    written.SetResult();
                }
            }
            catch (Exception e)
            {
                foreach (var (_, written) in group)
                {
                    written.SetException(e);
                }
            }
        }
    }

    private List<(AssetVectors Batch, TaskCompletionSource Written)> TakeWaiting()
    {
        lock (_gate)
        {
            List<(AssetVectors, TaskCompletionSource)> group = [];
            while (group.Count < MostTogether && _waiting.TryDequeue(out var next))
            {
                group.Add(next);
            }
            _writing = group.Count > 0;
            return group;
        }
    }
}
