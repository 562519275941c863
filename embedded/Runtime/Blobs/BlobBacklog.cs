using System.Threading.Channels;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>
/// Names of blobs to look at: each at most once in line and never at two workers at a time; one named again while it is worked on
/// comes once more after. Bounded. Thread-safe.
/// </summary>
internal sealed class BlobBacklog(int capacity, TimeProvider time)
{
    private readonly Dictionary<string, State> _names = [];
    private readonly Channel<string> _line = Channel.CreateUnbounded<string>(); // holds no more than _names does
    private readonly Wakeup _room = new(time);
    private readonly Lock _lock = new();

    private enum State
    {
        Waiting,
        Running,
        RunningAndWanted,
    }

    /// <summary>False where there is no room.</summary>
    public bool TryAdd(string name)
    {
        lock (_lock)
        {
            if (_names.TryGetValue(name, out var state))
            {
                if (state == State.Running)
                    _names[name] = State.RunningAndWanted;
                return true;
            }

            if (_names.Count >= capacity)
                return false;
            _names[name] = State.Waiting;
        }

        return _line.Writer.TryWrite(name);
    }

    /// <summary>Waits for room. For one caller at a time.</summary>
    public async Task AddAsync(string name, CancellationToken cancellationToken)
    {
        while (!TryAdd(name))
            await _room.WaitAsync(TimeSpan.FromSeconds(1), cancellationToken);
    }

    public async ValueTask<string> TakeAsync(CancellationToken cancellationToken)
    {
        var name = await _line.Reader.ReadAsync(cancellationToken);
        lock (_lock)
            _names[name] = State.Running;
        return name;
    }

    public void Finish(string name)
    {
        lock (_lock)
        {
            if (_names[name] == State.Running)
                _names.Remove(name);
            else
                _names[name] = State.Waiting;
            if (_names.ContainsKey(name))
                _line.Writer.TryWrite(name);
        }

        _room.Signal();
    }
}
