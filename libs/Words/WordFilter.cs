using System.Text.Json;
using System.Text.Json.Serialization;
using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Serverless.Words;

/// <summary>
/// Which places may be found at all. Of several values of one kind any will do; all kinds that are given must hold. Capitals make no
/// difference.
/// </summary>
public sealed record WordFilter
{
    public const int MaxValues = 50;

    public IReadOnlyList<string> Kinds { get; init; } = [];
    public IReadOnlyList<string> Stores { get; init; } = [];
    public IReadOnlyList<string> Languages { get; init; } = [];
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Each as type:text.</summary>
    public IReadOnlyList<string> Entities { get; init; } = [];

    /// <summary>Each a name, or name/version.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What files say of themselves, each as name:value: of each name any value will do.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>What uploaders say of them, in the same way.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];

    /// <summary>Beginnings of paths, with their capitals.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Registered at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Registered before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether it asks for more than one kind, which vectors tell apart themselves.</summary>
    [JsonIgnore]
    public bool NeedsWords => Kinds.Count > 1 || From is not null || To is not null || (this with { Kinds = [] }).ToClauses().Any();

    /// <summary>The same for filters that ask for the same in the same order.</summary>
    public string ToKey() => JsonSerializer.Serialize(this);

    /// <summary>What other filters may ask for as well; times hardly ever are the same.</summary>
    internal IEnumerable<Query> ToClauses()
    {
        foreach ((string field, IReadOnlyList<string> values) in ByField())
        {
            if (values.Count > 0)
            {
                yield return Any(values.Select(value => new TermQuery(new Term(field, WordFields.Normalise(value)))));
            }
        }
        if (Prefixes.Count > 0)
        {
            yield return Any(Prefixes.Select(prefix => new PrefixQuery(new Term(WordFields.Path, prefix))));
        }
    }

    /// <summary>Null where any time will do.</summary>
    internal Query? ToTimes() => From is null && To is null ? null : Between(WordFields.Registered, From?.UtcTicks, To?.UtcTicks - 1);

    /// <summary>Values of each name, with the field that they are looked up in.</summary>
    public IEnumerable<(string Field, IReadOnlyList<string> Values)> FactsByName(string told, string given) =>
        new[] { (Field: told, Facts: Told), (Field: given, Facts: Given) }.SelectMany(kind =>
            kind.Facts.GroupBy(fact => fact.Split(':')[0], StringComparer.OrdinalIgnoreCase)
                .Select(named => (kind.Field, (IReadOnlyList<string>)[.. named]))
        );

    private (string Field, IReadOnlyList<string> Values)[] ByField() =>
        [
            (WordFields.Kind, Kinds),
            (WordFields.Store, Stores),
            (WordFields.Language, Languages),
            (WordFields.Label, Labels),
            (WordFields.Entity, Entities),
            (WordFields.Model, Models),
            .. FactsByName(WordFields.Told, WordFields.Given),
        ];

    private static NumericRangeQuery<long> Between(string field, long? from, long? to) =>
        NumericRangeQuery.NewInt64Range(field, from, to, minInclusive: true, maxInclusive: true);

    private static BooleanQuery Any(IEnumerable<Query> queries)
    {
        BooleanQuery any = new(disableCoord: true);
        foreach (Query query in queries)
        {
            any.Add(query, Occur.SHOULD);
        }
        return any;
    }
}
