using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>SentencePiece's rules for machine translation: some controls dropped, odd white space made spaces.</summary>
internal sealed class Nmt : INormalizer
{
    public bool IsLocal => true;

    public void Normalize(MappedText text)
    {
        Span<char> units = text.Units;
        bool drops = false;
        foreach (ref char unit in units)
        {
            if (IsSpace(unit))
            {
                unit = ' ';
            }
            drops |= IsDropped(unit);
        }
        if (!drops)
        {
            return;
        }
        text.BeginRewrite();
        while (text.ReadPosition < text.Length)
        {
            if (IsDropped(text.Text[text.ReadPosition]))
            {
                text.Skip(1);
            }
            else
            {
                text.Copy(1);
            }
        }
        text.EndRewrite();
    }

    private static bool IsDropped(char unit) =>
        unit is (>= '\x01' and <= '\x08') or '\x0B' or (>= '\x0E' and <= '\x1F') or '\x7F' or '\x8F' or '\x9F';

    private static bool IsSpace(char unit) =>
        unit
            is '\t'
                or '\n'
                or '\f'
                or '\r'
                or '\u1680'
                or (>= '\u200B' and <= '\u200F')
                or '\u2028'
                or '\u2029'
                or '\u2581'
                or '\uFEFF'
                or '\uFFFD';
}
