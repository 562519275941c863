namespace Serverless.Vectors;

/// <summary>
/// The best of many in a heap of bounded size. Equal scores are ordered by asset and place, so results do not depend on the order of
/// arrival.
/// </summary>
internal sealed class TopHits(int limit)
{
    private readonly PriorityQueue<Candidate, Candidate> _worstFirst = new(
        Math.Min(limit, 64),
        Comparer<Candidate>.Create(Candidate.Compare)
    );

    public float Floor { get; private set; } = float.NegativeInfinity;

    /// <summary>The caller has seen that the score is not under <see cref="Floor"/>; that test stays in its loop.</summary>
    public void Offer(VectorBlock block, int index, float score)
    {
        var candidate = new Candidate(block, index, score);
        if (_worstFirst.Count < limit)
        {
            _worstFirst.Enqueue(candidate, candidate);
        }
        else
        {
            _worstFirst.EnqueueDequeue(candidate, candidate);
        }
        if (_worstFirst.Count == limit)
        {
            Floor = _worstFirst.Peek().Score;
        }
    }

    public VectorHit[] BestFirst()
    {
        var hits = new VectorHit[_worstFirst.Count];
        for (int i = hits.Length - 1; i >= 0; i--)
        {
            hits[i] = _worstFirst.Dequeue().ToHit();
        }
        return hits;
    }

    private readonly record struct Candidate(VectorBlock Block, int Index, float Score)
    {
        public static int Compare(Candidate a, Candidate b)
        {
            int score = a.Score.CompareTo(b.Score);
            if (score != 0)
            {
                return score;
            }
            ref readonly VectorLabel x = ref a.Block.Label(a.Index),
                y = ref b.Block.Label(b.Index);
            int asset = string.CompareOrdinal(y.Owner.Asset, x.Owner.Asset);
            return asset != 0 ? asset : string.CompareOrdinal(y.Place, x.Place);
        }

        public VectorHit ToHit()
        {
            ref readonly VectorLabel label = ref Block.Label(Index);
            float cosine = Math.Clamp(Score, -1, 1);
            return new(label.Owner.Asset, label.Owner.Version, label.Owner.Modified, Block.Kind, label.Place, label.Text, cosine);
        }
    }
}
