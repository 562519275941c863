namespace Serverless.Vectors.Searching;

/// <summary>A row of a snapshot: of which of its views, and which one there.</summary>
internal readonly record struct RowAt(int View, int Row);

/// <summary>The best of many rows, in a heap of bounded size with the worst on top.</summary>
internal sealed class BestRows(int limit)
{
    private (float Score, RowAt At)[] _heap = new (float, RowAt)[Math.Min(limit, 256)];

    public int Count { get; private set; }

    /// <summary>What a row must exceed; the caller looks before it offers.</summary>
    public float Floor { get; private set; } = float.NegativeInfinity;

    public IEnumerable<RowAt> Rows => _heap.Take(Count).Select(entry => entry.At);

    public void Offer(RowAt at, float score)
    {
        if (Count < limit)
        {
            if (Count == _heap.Length)
            {
                Array.Resize(ref _heap, Math.Min(limit, Count * 2));
            }
            Rise(Count++, (score, at));
        }
        else
        {
            Sink((score, at));
        }
        Floor = Count == limit ? _heap[0].Score : Floor;
    }

    private void Rise(int position, (float Score, RowAt At) entry)
    {
        while (position > 0 && _heap[(position - 1) / 2].Score > entry.Score)
        {
            _heap[position] = _heap[(position - 1) / 2];
            position = (position - 1) / 2;
        }
        _heap[position] = entry;
    }

    private void Sink((float Score, RowAt At) entry)
    {
        int position = 0;
        for (int child = 1; child < Count; child = 2 * position + 1)
        {
            if (child + 1 < Count && _heap[child + 1].Score < _heap[child].Score)
            {
                child++;
            }
            if (_heap[child].Score >= entry.Score)
            {
                break;
            }
            _heap[position] = _heap[child];
            position = child;
        }
        _heap[position] = entry;
    }
}
