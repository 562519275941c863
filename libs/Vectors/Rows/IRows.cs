namespace Serverless.Vectors.Rows;

/// <summary>
/// Vectors of some assets, row by row, those of an asset version together. Assets are counted as they were written, also those without
/// rows; rows and their labels never change once a snapshot shows them.
/// </summary>
internal interface IRows
{
    int Assets { get; }

    ReadOnlySpan<byte> AssetId(int asset);

    AssetVersion Owner(int asset);

    RowRange RowsOf(int asset);

    VectorLabel Label(int row);

    IReadOnlyList<string> Kinds { get; }

    /// <summary>Of length 1, or all zeros. Empty where what is stored is found to be damaged.</summary>
    ReadOnlySpan<float> Vector(int row);

    /// <summary>Number of the row's asset in the whole index.</summary>
    int OrdinalOfRow(int row);

    /// <summary>Sets the bit of each row whose asset is in the set.</summary>
    void Mark(AssetSet assets, Span<ulong> rows);

    /// <summary>The keys of the rows from one on up to another.</summary>
    void Visit(int from, int end, VisitRow visit);

    /// <summary>Whether rows and labels never change from now on, so that what was found out about them may be kept.</summary>
    bool IsSealed { get; }

    /// <summary>Keeps the rows readable until <see cref="Leave"/>; false when they are gone already.</summary>
    bool TryEnter();

    void Leave();

    /// <summary>Lets go of the rows as soon as no reader is left.</summary>
    void Close();
}

internal readonly record struct RowRange(int First, int Count);

/// <summary>What a vector stands for; the owner is shared by all vectors of an asset version.</summary>
internal readonly record struct VectorLabel(AssetVersion Owner, string Place, string Text);

/// <param name="asset">Key of the asset.</param>
/// <param name="place">Key of the row's place in it.</param>
internal delegate void VisitRow(ulong asset, int row, ulong place);
