using System.Collections.Frozen;
using Lucene.Net.Analysis;
using Lucene.Net.Analysis.Ar;
using Lucene.Net.Analysis.Cjk;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Analysis.Cz;
using Lucene.Net.Analysis.Da;
using Lucene.Net.Analysis.De;
using Lucene.Net.Analysis.El;
using Lucene.Net.Analysis.En;
using Lucene.Net.Analysis.Es;
using Lucene.Net.Analysis.Fa;
using Lucene.Net.Analysis.Fi;
using Lucene.Net.Analysis.Fr;
using Lucene.Net.Analysis.Hi;
using Lucene.Net.Analysis.Hu;
using Lucene.Net.Analysis.It;
using Lucene.Net.Analysis.Miscellaneous;
using Lucene.Net.Analysis.Nl;
using Lucene.Net.Analysis.No;
using Lucene.Net.Analysis.Pt;
using Lucene.Net.Analysis.Ro;
using Lucene.Net.Analysis.Ru;
using Lucene.Net.Analysis.Standard;
using Lucene.Net.Analysis.Sv;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// How the words of each language are told apart and brought to their stems. Every text is also read as it stands, by the rules of no
/// language, in a field of its own: that is what phrases and languages without rules of their own are looked up in. Turkish has
/// none here: its rules need a culture that programs with invariant globalization lack. Thread-safe.
/// </summary>
internal static class LanguageAnalyzers
{
    public const LuceneVersion Version = LuceneVersion.LUCENE_48;

    /// <summary>The field of words as they stand: in lower case and without accents.</summary>
    public const string Plain = "words";

    private const string FieldPrefix = "words_";

    private static readonly CJKAnalyzer Bigrams = new(Version);

    private static readonly FrozenDictionary<string, Analyzer> ByLanguage = new Dictionary<string, Analyzer>
    {
        ["ar"] = new ArabicAnalyzer(Version),
        ["cs"] = new CzechAnalyzer(Version),
        ["da"] = new DanishAnalyzer(Version),
        ["de"] = new GermanAnalyzer(Version),
        ["el"] = new GreekAnalyzer(Version),
        ["en"] = new EnglishAnalyzer(Version),
        ["es"] = new SpanishAnalyzer(Version),
        ["fa"] = new PersianAnalyzer(Version),
        ["fi"] = new FinnishAnalyzer(Version),
        ["fr"] = new FrenchAnalyzer(Version),
        ["hi"] = new HindiAnalyzer(Version),
        ["hu"] = new HungarianAnalyzer(Version),
        ["it"] = new ItalianAnalyzer(Version),
        ["ja"] = Bigrams,
        ["ko"] = Bigrams,
        ["nb"] = new NorwegianAnalyzer(Version),
        ["nl"] = new DutchAnalyzer(Version),
        ["pt"] = new PortugueseAnalyzer(Version),
        ["ro"] = new RomanianAnalyzer(Version),
        ["ru"] = new RussianAnalyzer(Version),
        ["sv"] = new SwedishAnalyzer(Version),
        ["zh"] = Bigrams,
    }.ToFrozenDictionary(pair => FieldPrefix + pair.Key, pair => pair.Value);

    private static readonly PlainAnalyzer AsItStands = new();

    /// <summary>For a writer of all fields.</summary>
    public static Analyzer All { get; } = new PerFieldAnalyzerWrapper(AsItStands, new Dictionary<string, Analyzer>(ByLanguage));

    /// <summary>The field that texts of a language also have; null of one without rules here.</summary>
    public static string? FieldOf(string? language) =>
        language is not null && ByLanguage.ContainsKey(FieldPrefix + language) ? FieldPrefix + language : null;

    public static bool IsOfLanguage(string field) => ByLanguage.ContainsKey(field);

    /// <summary>The terms of a text in a field, in order, with where they stand.</summary>
    public static List<WordTerm> TermsOf(string field, string text)
    {
        List<WordTerm> terms = [];
        using TokenStream stream = ByLanguage.GetValueOrDefault(field, AsItStands).GetTokenStream(field, text);
        ICharTermAttribute term = stream.AddAttribute<ICharTermAttribute>();
        IOffsetAttribute offset = stream.AddAttribute<IOffsetAttribute>();
        stream.Reset();
        while (stream.IncrementToken())
        {
            terms.Add(new WordTerm(term.ToString(), offset.StartOffset, offset.EndOffset));
        }
        stream.End();
        return terms;
    }

    private sealed class PlainAnalyzer : Analyzer
    {
        protected override TokenStreamComponents CreateComponents(string fieldName, TextReader reader)
        {
            StandardTokenizer words = new(Version, reader);
            return new TokenStreamComponents(words, new ASCIIFoldingFilter(new LowerCaseFilter(Version, words)));
        }
    }
}

/// <summary>A word as it is looked up, and the characters that it was read from.</summary>
internal readonly record struct WordTerm(string Term, int Start, int End);
