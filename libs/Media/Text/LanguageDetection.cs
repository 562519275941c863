using System.Text.RegularExpressions;
using Lingua;

namespace Serverless.Media.Text;

/// <summary>
/// The language of a text. Knows the 25 that can be told apart by their trigrams on little memory: 26 MiB and most of a second at the
/// first text, about 10 ms for each after it (one processor core). One for a process; thread-safe.
/// </summary>
public sealed partial class LanguageDetection
{
    /// <summary>A text says its language in its first page; the time grows with the length.</summary>
    private const int CharactersRead = 2_000;

    /// <summary>
    /// Of words that differ. Below this, names, codes and phrases are taken for a language: "GET /api/x HTTP/1.1" for Danish, and "drift
    /// checks retraining rollback" for Swedish, however often they are repeated.
    /// </summary>
    private const int FewestLetters = 40;

    /// <summary>An ideograph, a kana or a syllable of Hangul says about as much as four letters.</summary>
    private const int LettersOfAnIdeograph = 4;
    private const char FirstIdeograph = '\u2e80'; // CJK Radicals Supplement, unicode.org/charts

    private const double LeastConfidence = 0.9;

    private static readonly Language[] Known =
    [
        Language.Arabic,
        Language.Bokmal,
        Language.Chinese,
        Language.Czech,
        Language.Danish,
        Language.Dutch,
        Language.English,
        Language.Finnish,
        Language.French,
        Language.German,
        Language.Greek,
        Language.Hindi,
        Language.Hungarian,
        Language.Italian,
        Language.Japanese,
        Language.Korean,
        Language.Persian,
        Language.Polish,
        Language.Portuguese,
        Language.Romanian,
        Language.Russian,
        Language.Spanish,
        Language.Swedish,
        Language.Turkish,
        Language.Ukrainian,
    ];

    private readonly Lazy<LanguageDetector> _detector = new(() =>
        LanguageDetectorBuilder.FromLanguages(Known).WithLowAccuracyMode().Build()
    );

    /// <summary>As ISO 639-1 writes it; null where the text is too short or too mixed to say.</summary>
    public string? Detect(string text)
    {
        string head = text.Length <= CharactersRead ? text : text[..CharactersRead];
        if (CountLetters(head) < FewestLetters)
        {
            return null;
        }
        (Language language, double confidence) = _detector.Value.ComputeLanguageConfidenceValues(head).MaxBy(found => found.Value);
        return confidence >= LeastConfidence ? language.IsoCode6391().ToString().ToLowerInvariant() : null;
    }

    private static int CountLetters(string text)
    {
        HashSet<string> words = new(StringComparer.OrdinalIgnoreCase);
        foreach (ValueMatch word in Words().EnumerateMatches(text))
        {
            words.Add(text.Substring(word.Index, word.Length));
        }
        return words.Sum(word => word[0] >= FirstIdeograph ? LettersOfAnIdeograph : word.Count(char.IsLetter));
    }

    /// <summary>Letters with their marks; from <see cref="FirstIdeograph"/> on, one by one.</summary>
    [GeneratedRegex(@"[\p{L}\p{M}-[\u2e80-\uffff]]+|\p{L}")]
    private static partial Regex Words();
}
