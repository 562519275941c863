using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>What the index holds at one moment; never changes, so any number of searches read it while writers prepare the next.</summary>
internal sealed class VectorSnapshot(RowsView[] views, int vectors, int assets)
{
    public static readonly VectorSnapshot Empty = new([], 0, 0);

    public RowsView[] Views => views;
    public int Vectors => vectors;
    public int Assets => assets;

    /// <summary>Keeps all rows readable until <see cref="Leave"/>; false when a newer snapshot has taken this one's place.</summary>
    public bool TryEnter()
    {
        for (int i = 0; i < views.Length; i++)
        {
            if (!views[i].Rows.TryEnter())
            {
                Leave(i);
                return false;
            }
        }
        return true;
    }

    public void Leave() => Leave(views.Length);

    private void Leave(int count)
    {
        for (int i = 0; i < count; i++)
        {
            views[i].Rows.Leave();
        }
    }
}

/// <summary>The part of some rows that a snapshot sees.</summary>
/// <param name="Memory">What is scanned of the rows: loaded, or in their file.</param>
/// <param name="Count">The first so many.</param>
/// <param name="Alive">A bit for each row that was not replaced; null while that is all.</param>
/// <param name="Live">Rows that were not replaced.</param>
/// <param name="Held">Assets whose newest version is here, also of those without rows.</param>
internal sealed record RowsView(IRows Rows, RowMemory Memory, int Count, ulong[]? Alive, int Live, int Held)
{
    public bool IsAlive(int row) => Alive is null || (Alive[row >> 6] >> row & 1) != 0;
}
