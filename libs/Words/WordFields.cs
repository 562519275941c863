using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Serverless.Words;

/// <summary>
/// What an asset is in the index: a document for each place, then one that says which version they are of. They are added in one step,
/// stay side by side, and go in one step.
/// </summary>
internal static class WordFields
{
    /// <summary>Changes with what is written below, and with the analyzers: an index of another form is made anew.</summary>
    public const string Form = "4";

    public const string Asset = "asset";
    public const string Content = "content";
    public const string Place = "place";
    public const string Store = "store";
    public const string Path = "path";
    public const string Kind = "kind";
    public const string Language = "language";
    public const string Label = "label";
    public const string Entity = "entity";
    public const string Model = "model";
    public const string Told = "told";
    public const string Given = "meta";
    public const string Registered = "registered";
    public const string Text = "text";
    public const string Picture = "picture";
    public const string Source = "source";

    /// <summary>The field of the language whose rules its words follow too.</summary>
    public const string Spoken = "spoken";

    /// <summary>Where in the text begins what is told of what is seen.</summary>
    public const string ToldFrom = "toldFrom";

    /// <summary>What facets count.</summary>
    public static readonly IReadOnlyList<string> Counted = [Kind, Store, Language, Label, Entity, Model, Told, Given];

    private const string Role = "is";
    private const string Version = "version";
    private const string Revision = "revision";
    private const string Modified = "modified";
    private const string Gone = "gone";

    public static Term Places { get; } = new(Role, "place");

    public static Term Heads { get; } = new(Role, "head");

    public static IEnumerable<Document> DocumentsOf(AssetWords words) =>
        words.Places.Select(place => DocumentOf(words, place)).Append(HeadOf(words));

    public static (string Asset, KnownWords Known) ReadHead(Document head) =>
        (
            head.Get(Asset),
            new KnownWords(
                head.Get(Version),
                head.GetField(Revision).GetInt32Value() ?? 0,
                head.GetField(Modified).GetInt64Value() ?? 0,
                head.Get(Gone) is not null
            )
        );

    private static Document HeadOf(AssetWords words)
    {
        Document head =
        [
            new StringField(Role, Heads.Text, Field.Store.NO),
            new StringField(Asset, words.Asset, Field.Store.YES),
            new StringField(Content, words.Content, Field.Store.NO),
            new StoredField(Version, words.Version),
            new StoredField(Revision, words.Revision),
            new StoredField(Modified, words.Modified.UtcTicks),
        ];
        if (words.Places.Count == 0)
        {
            head.Add(new StoredField(Gone, 1));
        }
        return head;
    }

    private static Document DocumentOf(AssetWords words, WordPlace place)
    {
        (string text, int? told) = place.Joined();
        Document document =
        [
            new StringField(Role, Places.Text, Field.Store.NO),
            new StringField(Asset, words.Asset, Field.Store.NO),
            new SortedDocValuesField(Asset, new BytesRef(words.Asset)),
            new SortedDocValuesField(Content, new BytesRef(words.Content)),
            new BinaryDocValuesField(Place, new BytesRef(place.Place)),
            new Int64Field(Registered, words.Registered.UtcTicks, Field.Store.YES),
            new TextField(LanguageAnalyzers.Plain, text, Field.Store.NO),
            new StoredField(Text, text),
            new StoredField(Version, words.Version),
            new StoredField(Source, (int)place.Source),
        ];
        foreach (string path in words.Paths)
        {
            document.Add(new StringField(Path, path, Field.Store.NO));
        }
        if (LanguageAnalyzers.FieldOf(place.Language) is { } field)
        {
            document.Add(new TextField(field, text, Field.Store.NO));
            document.Add(new StoredField(Spoken, field));
        }
        if (told is { } start)
        {
            document.Add(new StoredField(ToldFrom, start));
        }
        if (place.Picture is { } picture)
        {
            document.Add(new StoredField(Picture, picture));
        }
        Count(document, Kind, [place.Kind]);
        Count(document, Store, [words.Store]);
        Count(document, Language, words.LanguageOf(place) is { } language ? [language] : []);
        Count(document, Label, place.Labels);
        Count(document, Entity, place.Entities);
        Count(document, Model, words.Models);
        Count(document, Told, words.Told);
        Count(document, Given, words.Given);
        return document;
    }

    public static string VersionOf(Document document) => document.Get(Version);

    /// <summary>Filters do not tell capitals.</summary>
    public static string Normalise(string value) => WordForm.Of(value).ToLowerInvariant();

    private static void Count(Document document, string field, IEnumerable<string> values)
    {
        foreach (string value in values.Distinct(StringComparer.Ordinal))
        {
            document.Add(new StringField(field, Normalise(value), Field.Store.NO));
            document.Add(new SortedSetDocValuesField(field, new BytesRef(value)));
        }
    }
}
