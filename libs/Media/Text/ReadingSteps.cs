namespace Serverless.Media.Text;

/// <summary>
/// Counts the characters that the reading of one text looks at, ends a reading that looks at them too often, and observes cancellation.
/// Every search takes its steps here, so that no order of marks costs more than a fixed number of looks a character.
/// </summary>
internal sealed class ReadingSteps(int characters, CancellationToken cancellationToken)
{
    /// <summary>More than twice what the worst known inputs take, which are pages of elements that never close.</summary>
    public const int PerCharacter = 64;

    private const int BetweenChecks = 1 << 16;

    private readonly long _allowed = (characters + 1_024L) * PerCharacter;
    private long _nextCheck;

    public long Taken { get; private set; }

    /// <exception cref="MediaRejectedException">The text takes more steps than it may.</exception>
    public void Take(int count)
    {
        Taken += count;
        if (Taken >= _nextCheck)
        {
            Check();
        }
    }

    /// <summary>The first of some characters in a part of the text, or -1; takes a step for each character that it passes.</summary>
    public int IndexOf(string text, char c, int start, int end)
    {
        int found = text.IndexOf(c, start, end - start);
        Take((found < 0 ? end : found + 1) - start);
        return found;
    }

    /// <inheritdoc cref="IndexOf(string, char, int, int)"/>
    public int IndexOf(string text, string part, int start, int end)
    {
        int found = text.IndexOf(part, start, end - start, StringComparison.Ordinal);
        Take((found < 0 ? end : found + part.Length) - start);
        return found;
    }

    private void Check()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Taken > _allowed)
        {
            throw new MediaRejectedException(
                MediaFault.TooLarge,
                $"Found a text of {characters:N0} characters that is too intricate to read: it takes more than {_allowed:N0} steps; "
                    + $"allowed are {PerCharacter} a character."
            );
        }
        _nextCheck = Math.Min(Taken + BetweenChecks, _allowed + 1);
    }
}
