namespace Serverless.Vectors;

/// <summary>What the index holds at one moment; never changes, so any number of searches read it while writers prepare the next.</summary>
internal sealed class VectorSnapshot(BlockView[] views, int vectors, int assets)
{
    public static readonly VectorSnapshot Empty = new([], 0, 0);

    public ReadOnlySpan<BlockView> Views => views;
    public int Vectors => vectors;
    public int Assets => assets;

    public VectorHit[] Search(ReadOnlySpan<float> unitQuery, int limit, string? kind)
    {
        var top = new TopHits(limit);
        foreach (BlockView view in views)
        {
            if (kind is null || view.Block.Kind == kind)
            {
                view.Score(unitQuery, top);
            }
        }
        return top.BestFirst();
    }
}

/// <summary>The part of a block that a snapshot sees: the first <paramref name="Count"/> vectors but those marked dead.</summary>
internal readonly record struct BlockView(VectorBlock Block, int Count, ulong[]? Dead)
{
    public bool IsDead(int index) => Dead is not null && (Dead[index >> 6] >> (index & 63) & 1) != 0;

    public void Score(ReadOnlySpan<float> unitQuery, TopHits top)
    {
        for (int i = 0; i < Count; i++)
        {
            if (IsDead(i))
            {
                continue;
            }
            float score = Block.Score(unitQuery, i);
            if (score >= top.Floor)
            {
                top.Offer(Block, i, score);
            }
        }
    }
}
