namespace Serverless.Inference.Tokenizers.PreTokenizers;

/// <summary>Turns the matches within one piece, given in order, into pieces.</summary>
internal ref struct DelimiterSplitter(PreTokenizedText text, Piece piece, DelimiterBehavior behavior)
{
    private int _pending = piece.Start; // begins what is not yet added
    private int _matchEnd = piece.Start; // Contiguous only: [_pending, _matchEnd) is a run of matches

    public void AddMatch(int start, int end)
    {
        switch (behavior)
        {
            case DelimiterBehavior.Removed:
                text.Add(_pending, start);
                _pending = end;
                break;
            case DelimiterBehavior.Isolated:
                text.Add(_pending, start);
                text.Add(start, end);
                _pending = end;
                break;
            case DelimiterBehavior.MergedWithPrevious:
                text.Add(_pending, end);
                _pending = end;
                break;
            case DelimiterBehavior.MergedWithNext:
                text.Add(_pending, start);
                _pending = start;
                break;
            default:
                if (start > _matchEnd)
                {
                    text.Add(_pending, _matchEnd);
                    text.Add(_matchEnd, start);
                    _pending = start;
                }
                _matchEnd = end;
                break;
        }
    }

    public readonly void Finish()
    {
        int runEnd = Math.Max(_pending, _matchEnd);
        text.Add(_pending, runEnd);
        text.Add(runEnd, piece.End);
    }
}
