using System.Globalization;
using System.Text;

namespace Serverless.Media;

/// <summary>Words that a stranger wrote beside the media, made fit to be kept and shown: on one line, without controls, bounded.</summary>
public static class ShortText
{
    /// <summary>Null where nothing is left; what is longer than so many UTF-16 code units is cut.</summary>
    public static string? Of(string? told, int maxCharacters)
    {
        StringBuilder text = new();
        bool isSpace = false;
        foreach (Rune rune in (told ?? "").EnumerateRunes()) // half a surrogate pair becomes U+FFFD
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                isSpace = text.Length > 0;
                continue;
            }
            if (!IsVisible(rune))
            {
                continue;
            }
            if (text.Length + (isSpace ? 1 : 0) + rune.Utf16SequenceLength > maxCharacters)
            {
                break;
            }
            text.Append(isSpace ? " " : "").Append(rune.ToString());
            isSpace = false;
        }
        return text.Length == 0 ? null : text.ToString();
    }

    // Marks that reorder a line make it read as something else (UTR #36, §2.5); joiners belong to scripts and emoji.
    private static bool IsVisible(Rune rune) =>
        rune.Value is 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate)
                and not UnicodeCategory.LineSeparator;
}
