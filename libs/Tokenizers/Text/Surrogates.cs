namespace Serverless.Tokenizers.Text;

internal static class Surrogates
{
    public static void ReplaceLone(Span<char> text)
    {
        int i = 0;
        while (true)
        {
            int next = text[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
            {
                return;
            }
            i += next;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i += 2;
            }
            else
            {
                text[i++] = '\uFFFD';
            }
        }
    }
}
