using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Sessions;

/// <summary>
/// Ends runs of models that handle strings once the process has grown by more than they may take: a string's characters lie outside the
/// arena, whose bound they pass by. One operator may grow memory by more before it is stopped, since native code looks for the end between
/// operators alone; <see cref="RuntimeOptions.MaxStringBytes"/> says by how much. Thread-safe; its thread lives while such a run does.
/// </summary>
internal sealed class StringMemory(long maxBytes)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<Watch> _watches = [];
    private bool _isLooking;

    public long MaxBytes { get; } = maxBytes;

    /// <summary>Watches one run; disposed when the run has ended, before its options are.</summary>
    public Watch Begin(RunOptions options)
    {
        Watch watch = new(this, options, Environment.WorkingSet);
        lock (_gate)
        {
            _watches.Add(watch);
            if (!_isLooking)
            {
                _isLooking = true;
                // Not of the pool: a pool that is short of threads would look too late.
                new Thread(Look) { IsBackground = true, Name = "Memory of strings" }.Start();
            }
        }
        return watch;
    }

    private void Look()
    {
        while (true)
        {
            Thread.Sleep(LookEvery);
            long now = Environment.WorkingSet;
            lock (_gate)
            {
                foreach (Watch watch in _watches)
                {
                    watch.EndIfGrown(now);
                }
                if (_watches.Count == 0)
                {
                    _isLooking = false;
                    return;
                }
            }
        }
    }

    internal sealed class Watch(StringMemory owner, RunOptions options, long bytesAtStart) : IDisposable
    {
        /// <summary>What the process had grown by when the run was ended for it; null where it was not.</summary>
        public long? GrownBytes { get; private set; }

        public void EndIfGrown(long bytes)
        {
            if (GrownBytes is null && bytes - bytesAtStart > owner.MaxBytes)
            {
                GrownBytes = bytes - bytesAtStart;
                options.Terminate = true;
            }
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._watches.Remove(this);
            }
        }
    }
}
