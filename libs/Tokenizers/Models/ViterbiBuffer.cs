using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Models;

/// <summary>The best path to each position of a piece. Reused; one thread at a time.</summary>
internal sealed class ViterbiBuffer
{
    private Step[] _steps = [];
    private TextSpan[] _path = [];

    /// <summary>
    /// The token that ends here on the best path, where it starts, and the path's score; Start is -1 while none is known.
    /// </summary>
    public record struct Step(double Score, int Start, int Id);

    public Span<Step> Start(int length)
    {
        Buffers.Grow(ref _steps, length + 1);
        Span<Step> steps = _steps.AsSpan(0, length + 1);
        steps.Fill(new(0, -1, 0));
        return steps;
    }

    /// <summary>Room for the tokens of a path, whose ends are met first.</summary>
    public Span<TextSpan> Path(int length)
    {
        Buffers.Grow(ref _path, length);
        return _path.AsSpan(0, length);
    }

    public void Trim(int maxLength)
    {
        Buffers.Trim(ref _steps, maxLength);
        Buffers.Trim(ref _path, maxLength);
    }
}
