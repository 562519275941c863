using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Drops white space at the start, the end, or both.</summary>
internal sealed class Strip(bool left, bool right) : INormalizer
{
    public bool IsLocal => false;

    public void Normalize(MappedText text)
    {
        ReadOnlySpan<char> units = text.Text;
        int start = left ? units.Length - units.TrimStart().Length : 0;
        int end = right ? Math.Max(start, units.TrimEnd().Length) : units.Length;
        if (start == 0 && end == units.Length)
        {
            return;
        }
        text.BeginRewrite();
        text.Skip(start);
        text.Copy(end - start);
        text.Skip(units.Length - end);
        text.EndRewrite();
    }
}
