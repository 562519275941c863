using System.Buffers;
using System.Text;

namespace Serverless.Tokenizers.Text;

internal static class Words
{
    public static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && (CharClasses.Of(rune) & CharClass.Word) != 0;

    public static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == OperationStatus.Done && (CharClasses.Of(rune) & CharClass.Word) != 0;

    public static bool IsBoundary(ReadOnlySpan<char> text, int position) =>
        EndsWithWord(text[..position]) != StartsWithWord(text[position..]);
}
