using Serverless.Tokenizers;

namespace Serverless.Inference.Text;

/// <summary>Which tokens of a window count: Count of them from FirstToken on go to Target of all the texts' tokens.</summary>
internal readonly record struct WindowShare(int FirstToken, int Count, int Target);

/// <summary>
/// Texts cut into overlapping windows, and how the windows' tokens come together again, each once and without special tokens.
/// </summary>
internal sealed class TextWindows : IDisposable
{
    private readonly List<WindowShare> _shares = [];
    private readonly List<int> _textEnds = [];

    public TokenSequences Sequences { get; } = new();

    public int TokenCount { get; private set; }

    public WindowShare ShareOf(int window) => _shares[window];

    public Range TokensOf(int text) => (text == 0 ? 0 : _textEnds[text - 1]).._textEnds[text];

    /// <summary>Adds the next window of the current text, whose first tokens the window before had too.</summary>
    public void Add(TokenEncoding window, int repeated)
    {
        int first = window.SpecialMask.IndexOf((byte)0),
            content = window.SpecialMask.Count((byte)0);
        int given = repeated / 2; // the earlier window keeps these
        if (repeated > 0)
        {
            _shares[^1] = _shares[^1] with { Count = _shares[^1].Count - (repeated - given) };
            TokenCount -= repeated - given;
        }
        Sequences.Add(window);
        _shares.Add(new WindowShare(Math.Max(first, 0) + given, content - given, TokenCount));
        TokenCount += content - given;
    }

    public void EndText() => _textEnds.Add(TokenCount);

    public void Dispose() => Sequences.Dispose();
}
