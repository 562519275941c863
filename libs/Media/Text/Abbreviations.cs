using System.Collections.Frozen;

namespace Serverless.Media.Text;

/// <summary>Whether a full stop belongs to an abbreviation, an initial or an ordinal rather than to a sentence.</summary>
internal static class Abbreviations
{
    // Followed by a name or a number, so that a capital after them proves nothing. English, German, French, Spanish, Italian, Portuguese,
    // Dutch, Russian.
    private static readonly FrozenSet<string> BeforeNames = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "mr",
        "mrs",
        "ms",
        "messrs",
        "dr",
        "prof",
        "rev",
        "hon",
        "st",
        "sen",
        "rep",
        "gov",
        "pres",
        "gen",
        "col",
        "maj",
        "capt",
        "cmdr",
        "lt",
        "sgt",
        "cpl",
        "adm",
        "fr",
        "sr",
        "sra",
        "srta",
        "dra",
        "ing",
        "mme",
        "mlle",
        "mm",
        "me",
        "sig",
        "sig.ra",
        "dott",
        "mag",
        "dipl",
        "hr",
        "frau",
        "hl",
        "vs",
        "cf",
        "vgl",
        "bzw",
        "ca",
        "approx",
        "fig",
        "figs",
        "eq",
        "no",
        "nos",
        "nr",
        "núm",
        "vol",
        "vols",
        "pp",
        "p",
        "ch",
        "sec",
        "art",
        "abs",
        "al",
        "ed",
        "eds",
        "op",
        "e.g",
        "i.e",
        "viz",
        "z.b",
        "d.h",
        "u.a",
        "u.u",
        "z.t",
        "s.o",
        "i.d.r",
        "m.e",
        "o.ä",
        "bijv",
        "p.ex",
        "p.e",
        "ej",
        "av",
        "avda",
        "ave",
        "blvd",
        "str",
        "tel",
        "incl",
        "inkl",
        "exkl",
        "evtl",
        "ggf",
        "sog",
        "geb",
        "gest",
        "gegr",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "okt",
        "nov",
        "dec",
        "dez",
        "mt",
        "ft",
        "т.е",
        "т.д",
        "т.п",
        "т.к",
        "им",
        "ул",
        "г",
        "гг",
        "проф",
        "акад"
    );

    // German nouns that an ordinal number stands before.
    private static readonly FrozenSet<string> OrdinalNouns = FrozenSet.Create(
        StringComparer.Ordinal,
        "Januar",
        "Jänner",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
        "Jahrhundert",
        "Klasse",
        "Auflage",
        "Kapitel",
        "Stock",
        "Platz",
        "Runde",
        "Bundesliga",
        "Mal",
        "Geburtstag"
    );

    /// <param name="stop">The full stop.</param>
    /// <param name="end">Behind it and closing quotes.</param>
    /// <param name="next">First character of the next word.</param>
    public static bool EndAt(string text, int sentenceStart, int stop, int end, int next)
    {
        if (end != stop + 1)
        {
            return false; // a closing quote or bracket follows: the sentence is over
        }

        int wordStart = stop;
        while (
            wordStart > sentenceStart
            && !char.IsWhiteSpace(text[wordStart - 1])
            && text[wordStart - 1] is not ('(' or '[' or '"' or '“' or '„' or '«')
        )
        {
            wordStart--;
        }
        ReadOnlySpan<char> word = text.AsSpan(wordStart, stop - wordStart);
        if (word.IsEmpty)
        {
            return false;
        }

        if (BeforeNames.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
        {
            return !IsPageOrYear(text, word, next);
        }
        if (IsInitial(word))
        {
            return true;
        }
        return IsOrdinal(word, text, next);
    }

    // "p." and "no." end sentences unless a number follows ("The answer is no. We left.").
    private static bool IsPageOrYear(string text, ReadOnlySpan<char> word, int next) =>
        (word is "no" or "p" or "art" or "mar" or "me" or "ch" or "al" or "No" or "im" or "г")
        && (next >= text.Length || !char.IsAsciiDigit(text[next]));

    // "J. K. Rowling", "U.S. Senate"; "I." alone is more often the pronoun.
    private static bool IsInitial(ReadOnlySpan<char> word)
    {
        if (word is "I")
        {
            return false;
        }
        if (word.Length == 1)
        {
            return char.IsUpper(word[0]);
        }
        if (word.Length > 5 || word.Length % 2 == 0)
        {
            return false;
        }
        for (int i = 0; i < word.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsUpper(word[i]) : word[i] is not ('.' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    // "am 3. Oktober", "in der 2. Bundesliga"; a list number at the start of a paragraph ("1. First").
    private static bool IsOrdinal(ReadOnlySpan<char> word, string text, int next)
    {
        if (word.Length > 2 || word.IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }
        bool startsParagraph = next - word.Length - 2 <= 0 || text[next - word.Length - 3] == '\n';
        if (startsParagraph)
        {
            return true;
        }

        int end = next;
        while (end < text.Length && char.IsLetter(text[end]))
        {
            end++;
        }
        return OrdinalNouns.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(next, end - next));
    }
}
