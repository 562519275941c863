namespace Serverless.Inference.Serving.Batching;

/// <summary>The queued items of one key: a line for each priority, of which each is in the order of arrival and so of due.</summary>
internal sealed class BatchGroup<T>
{
    private readonly LinkedList<QueuedItem<T>>[] _lines = [new(), new(), new()];

    public long Cost { get; private set; }
    public int Count { get; private set; }

    /// <summary>Of the item whose turn comes first.</summary>
    public TimeSpan Due => First.Due;

    public BatchRequest<T> First => Next().Value.Request;

    public TimeSpan OldestArrival
    {
        get
        {
            TimeSpan oldest = TimeSpan.MaxValue;
            foreach (LinkedList<QueuedItem<T>> line in _lines)
            {
                if (line.First is { } first && first.Value.Request.Arrived < oldest)
                {
                    oldest = first.Value.Request.Arrived;
                }
            }
            return oldest;
        }
    }

    public void Add(QueuedItem<T> item)
    {
        item.Node = _lines[(int)item.Request.Priority].AddLast(item);
        Cost += item.Item.Cost;
        Count++;
    }

    public void Remove(QueuedItem<T> item)
    {
        item.Node!.List!.Remove(item.Node);
        item.Node = null;
        Cost -= item.Item.Cost;
        Count--;
    }

    /// <summary>Another item like the next one would not fit beside all that is here.</summary>
    public bool Fills(long maxCost, int maxItems) => Count >= maxItems || Cost > maxCost - Next().Value.Item.Cost;

    /// <summary>Removes the items whose turn it is, as many as may be in one batch; the first whatever it costs.</summary>
    public QueuedItem<T>[] Take(long maxCost, int maxItems)
    {
        var taken = new List<QueuedItem<T>>();
        for (long cost = 0; Count > 0 && taken.Count < maxItems; )
        {
            QueuedItem<T> next = Next().Value;
            if (taken.Count > 0 && cost + next.Item.Cost > maxCost)
            {
                break;
            }
            cost += next.Item.Cost;
            Remove(next);
            taken.Add(next);
        }
        return [.. taken];
    }

    private LinkedListNode<QueuedItem<T>> Next()
    {
        LinkedListNode<QueuedItem<T>>? next = null;
        foreach (LinkedList<QueuedItem<T>> line in _lines)
        {
            if (line.First is { } first && (next is null || first.Value.Request.Due < next.Value.Request.Due))
            {
                next = first;
            }
        }
        return next ?? throw new InvalidOperationException("An empty group was asked for its next item; please report this.");
    }
}
