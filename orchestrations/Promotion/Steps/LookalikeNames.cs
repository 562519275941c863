using System.Globalization;
using System.Text;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// Names that people cannot tell apart. Covers the Cyrillic and Greek letters that look like Latin ones, full-width forms, digits for
/// letters, and characters that do not show (Unicode Technical Standard 39, confusables).
/// </summary>
internal static class LookalikeNames
{
    private const string Shown = "АВЕЗКМНОРСТУХІЈЅԌԚԜавекмнорстухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχ01|";
    private const string Latin = "ABE3KMHOPCTYXIJSGQWabekmhopctyxijshdqwABEZHIKMNOPTYXabeikvoptuxoll";

    public static bool AreAlike(string one, string other) => Fold(one) == Fold(other);

    private static string Fold(string name)
    {
        StringBuilder folded = new(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark || Rune.IsWhiteSpace(rune))
            {
                continue;
            }
            // Full-width ASCII stands 0xFEE0 above ASCII.
            Rune narrow = rune.Value is > 0xFF00 and < 0xFF5F ? new Rune(rune.Value - 0xFEE0) : rune;
            int at = narrow.IsBmp ? Shown.IndexOf((char)narrow.Value, StringComparison.Ordinal) : -1;
            Rune letter = Rune.ToLowerInvariant(at < 0 ? narrow : new Rune(Latin[at]));
            folded.Append(letter.Value == 'i' ? new Rune('l') : letter);
        }
        return folded.ToString();
    }
}
