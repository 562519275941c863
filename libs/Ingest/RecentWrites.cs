namespace Serverless.Ingest;

/// <summary>
/// What this process wrote last, for a later step of its own, which takes it, or looks at it; the oldest goes when there is more.
/// Thread-safe.
/// </summary>
internal sealed class RecentWrites<T>(long maxBytes, Func<T, long> bytesOf)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, T Value)>> _byKey = [];
    private readonly LinkedList<(string Key, T Value)> _byAge = [];
    private long _bytes;

    public void Put(string key, T value)
    {
        lock (_gate)
        {
            Remove(key);
            _byKey.Add(key, _byAge.AddLast((key, value)));
            _bytes += bytesOf(value);
            while (_bytes > maxBytes)
            {
                Remove(_byAge.First!.Value.Key);
            }
        }
    }

    public T? Peek(string key)
    {
        lock (_gate)
        {
            return _byKey.GetValueOrDefault(key)?.Value.Value;
        }
    }

    public T? Take(string key)
    {
        lock (_gate)
        {
            return Remove(key);
        }
    }

    private T? Remove(string key)
    {
        if (!_byKey.Remove(key, out LinkedListNode<(string Key, T Value)>? node))
        {
            return null;
        }
        _byAge.Remove(node);
        _bytes -= bytesOf(node.Value.Value);
        return node.Value.Value;
    }
}
