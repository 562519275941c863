using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Drops combining marks (categories M*). Follows NFD or NFKD as a rule: it decomposes nothing itself.</summary>
internal sealed class StripAccents : INormalizer
{
    public bool IsLocal => true;

    public void Normalize(MappedText text)
    {
        int mark = FindMark(text.Text, 0);
        if (mark < 0)
        {
            return;
        }
        text.BeginRewrite();
        for (; mark >= 0; mark = FindMark(text.Text, text.ReadPosition))
        {
            text.Copy(mark - text.ReadPosition);
            text.SkipRune();
        }
        text.EndRewrite();
    }

    private static int FindMark(ReadOnlySpan<char> text, int from)
    {
        int i = from;
        while (i < text.Length)
        {
            int start = i;
            if ((CharClasses.Next(text, ref i) & CharClass.Mark) != 0)
            {
                return start;
            }
        }
        return -1;
    }
}
