using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>A range of units that the model sees as one word, or an added token that stands in the text.</summary>
internal readonly record struct Piece(int Start, int End, int Token = Piece.NoToken)
{
    public const int NoToken = -1;

    public bool IsToken => Token != NoToken;
}

/// <summary>
/// A normalized stretch of text and the pieces that it is cut into, finer with each pre-tokenizer. Reused; one thread at a time.
/// </summary>
internal sealed class PreTokenizedText
{
    private Piece[] _pieces = new Piece[64];
    private Piece[] _next = [];
    private int _count;
    private int _nextCount;

    public MappedText Mapped { get; } = new();

    public ReadOnlySpan<char> Text => Mapped.Text;

    public ReadOnlySpan<Piece> Pieces => _pieces.AsSpan(0, _count);

    /// <summary>One piece over all of the text, or none if it is empty.</summary>
    public void StartWhole()
    {
        _nextCount = 0;
        Add(0, Mapped.Length);
        EndSplit();
    }

    public void BeginSplit() => _nextCount = 0;

    /// <summary>Adds a piece unless it is empty.</summary>
    public void Add(int start, int end)
    {
        if (end > start)
        {
            Add(new Piece(start, end));
        }
    }

    public void Add(Piece piece)
    {
        Buffers.Grow(ref _next, _nextCount + 1);
        _next[_nextCount++] = piece;
    }

    public void EndSplit()
    {
        (_pieces, _next) = (_next, _pieces);
        _count = _nextCount;
    }

    public void Trim(int maxUnits)
    {
        _count = 0;
        Mapped.Trim(maxUnits);
        Buffers.Trim(ref _pieces, maxUnits);
        Buffers.Trim(ref _next, maxUnits);
    }
}
