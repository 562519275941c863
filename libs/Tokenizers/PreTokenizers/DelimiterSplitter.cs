namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>Turns the delimiters of one piece and what lies between them, given in order and without gap, into pieces.</summary>
internal ref struct DelimiterSplitter(PreTokenizedText text, Piece piece, DelimiterBehavior behavior)
{
    private int _start = piece.Start; // [_start, _end) is not yet added
    private int _end = piece.Start;
    private bool _isDelimiter;

    public void Add(int start, int end, bool isDelimiter)
    {
        if (start == end)
        {
            return;
        }
        bool joins =
            _end > _start
            && behavior switch
            {
                DelimiterBehavior.Contiguous => isDelimiter == _isDelimiter,
                DelimiterBehavior.MergedWithPrevious => isDelimiter && !_isDelimiter,
                DelimiterBehavior.MergedWithNext => !isDelimiter && _isDelimiter,
                _ => false,
            };
        if (!joins)
        {
            Finish();
            _start = start;
        }
        _end = end;
        _isDelimiter = isDelimiter;
    }

    public readonly void Finish()
    {
        if (!_isDelimiter || behavior != DelimiterBehavior.Removed)
        {
            text.Add(_start, _end);
        }
    }
}
