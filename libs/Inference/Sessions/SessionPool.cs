namespace Serverless.Inference.Sessions;

/// <summary>
/// The open sessions of a runtime by the package's digest and the graph's file, each opened once and closed after its last user.
/// Thread-safe.
/// </summary>
internal sealed class SessionPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];

    public IReadOnlyList<ModelUsage> Usage
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Values.Where(e => e.Session.IsValueCreated).Select(e => e.Session.Value.Usage)];
            }
        }
    }

    /// <summary>
    /// Callers for one key wait for the one that opens; where that fails, each of them gets the failure and nothing is kept.
    /// </summary>
    public SessionLease Open(string key, Func<ModelSession> open)
    {
        Entry? entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry))
            {
                _entries.Add(key, entry = new Entry(new Lazy<ModelSession>(open)));
            }
            entry.Users++;
        }
        try
        {
            return new SessionLease(entry.Session.Value, _ => Release(key, entry));
        }
        catch
        {
            Release(key, entry);
            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.Values.Where(e => e.Session.IsValueCreated))
            {
                entry.Session.Value.Dispose();
            }
            _entries.Clear();
        }
    }

    private void Release(string key, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0 || !_entries.TryGetValue(key, out Entry? kept) || kept != entry)
            {
                return;
            }
            _entries.Remove(key);
        }
        if (entry.Session.IsValueCreated)
        {
            entry.Session.Value.Dispose();
        }
    }

    private sealed class Entry(Lazy<ModelSession> session)
    {
        public Lazy<ModelSession> Session { get; } = session;
        public int Users { get; set; }
    }
}
