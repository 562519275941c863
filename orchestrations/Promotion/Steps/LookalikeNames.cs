using System.Globalization;
using System.Text;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// Names that people cannot tell apart. Covers the Cyrillic, Greek and Armenian letters that look like Latin ones, full-width,
/// mathematical, circled and Roman forms, digits for letters, "rn" for "m", characters that do not show (Unicode Technical Standard
/// 39, confusables), and accents, which the same name has as letters or as marks of their own. The app runs without ICU's data, so that
/// nothing can be normalised.
/// </summary>
internal static class LookalikeNames
{
    private const string Accented =
        "ÀÁÂÃÄÅĀĂĄǍÇĆĈĊČĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮİĴĶĹĻĽĿŁÑŃŅŇÒÓÔÕÖØŌŎŐŔŖŘŚŜŞŠȘŢŤŦȚÙÚÛÜŨŪŬŮŰŲŴÝŶŸŹŻŽ"
        + "àáâãäåāăąǎçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįĵķĺļľŀłñńņňòóôõöøōŏőŕŗřśŝşšșţťŧțùúûüũūŭůűųŵýŷÿźżž"
        + "ЙйЁёЇїЎўάέήίόύώϊϋΐΰΆΈΉΊΌΎΏ";
    private const string Bare =
        "AAAAAAAAAACCCCCDDEEEEEEEEEGGGGHHIIIIIIIIIJKLLLLLNNNNOOOOOOOOORRRSSSSSTTTTUUUUUUUUUUWYYYZZZ"
        + "aaaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiijklllllnnnnooooooooorrrsssssttttuuuuuuuuuuwyyyzzz"
        + "ИиЕеІіУуαεηιουωιυιυΑΕΗΙΟΥΩ";
    private const string Shown = "АВЕЗКМНОРСТУХІЈЅԌԚԜавекмнорстухіјѕһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχ01|ՍՏՕոսօհցքգıɩɑɡǀⅠⅤⅩⅬⅭⅮⅯⅰⅴⅹⅼⅽⅾⅿӀӏϲүᴏ";
    private const string Latin = "ABE3KMHOPCTYXIJSGQWabekmhopctyxijshdqwABEZHIKMNOPTYXabeikvoptuxollUSOnuohgfqiiaglIVXLCDMivxlcdmllcyo";

    /// <summary>Alphabets of capital and small letters, one after the other: the mathematical ones, and the circled one.</summary>
    private static readonly (int First, int Last)[] Alphabets = [(0x1D400, 0x1D6A3), (0x24B6, 0x24E9)];

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
            Rune letter = Rune.ToLowerInvariant(Replace(Replace(Plain(rune), Accented, Bare), Shown, Latin));
            folded.Append(letter.Value == 'i' ? new Rune('l') : letter);
        }
        return folded.Replace("rn", "m").ToString();
    }

    private static Rune Replace(Rune rune, string these, string those) =>
        rune.IsBmp && these.IndexOf((char)rune.Value, StringComparison.Ordinal) is var at and >= 0 ? new Rune(those[at]) : rune;

    private static Rune Plain(Rune rune)
    {
        if (rune.Value is > 0xFF00 and < 0xFF5F)
        {
            return new Rune(rune.Value - 0xFEE0); // full-width ASCII stands so far above ASCII
        }
        foreach ((int first, int last) in Alphabets)
        {
            if (rune.Value >= first && rune.Value <= last)
            {
                int letter = (rune.Value - first) % 52;
                return new Rune(letter < 26 ? 'A' + letter : 'a' + letter - 26);
            }
        }
        return rune;
    }
}
