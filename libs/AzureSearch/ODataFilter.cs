using System.Globalization;
using Serverless.Words;

namespace Serverless.AzureSearch;

/// <summary>What may be found, as the service's filter expressions. Whatever a value holds, it stays a value. Pure.</summary>
internal static class ODataFilter
{
    /// <summary>Of one request; the service gives no more at once.</summary>
    public const int MaxResults = 1_000;

    public const string Places = $"{ServiceFields.Is} eq 'place'";
    public const string Heads = $"{ServiceFields.Is} eq 'head'";

    /// <summary>Between values of <c>search.in</c>, which has no way to escape it: a value with it is none that is stored.</summary>
    private const char Separator = '\u001f';

    /// <summary>The last code point: what begins alike is before it.</summary>
    private const string Last = "\U0010FFFF";

    public static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string AnyOf(string field, IEnumerable<string> values) =>
        $"search.in({field}, {Quote(string.Join(Separator, values.Select(value => value.Replace(Separator, ' '))))}, '{Separator}')";

    public static string Of(WordFilter filter, LuceneQuery? query)
    {
        List<string> parts = [Places];
        AddOne(parts, ServiceFields.Kind, filter.Kinds);
        AddOne(parts, ServiceFields.Store, filter.Stores);
        AddOne(parts, ServiceFields.Language, filter.Languages);
        AddMany(parts, ServiceFields.LabelKeys, filter.Labels);
        AddMany(parts, ServiceFields.EntityKeys, filter.Entities);
        AddMany(parts, ServiceFields.ModelKeys, filter.Models);
        foreach ((string field, IReadOnlyList<string> values) in filter.FactsByName(ServiceFields.FactKeys, ServiceFields.GivenKeys))
        {
            AddMany(parts, field, values);
        }
        if (filter.Prefixes.Count > 0)
        {
            parts.Add(
                Either(
                    filter.Prefixes.SelectMany(prefix => new[] { Begins(ServiceFields.Key, prefix), Begins(ServiceFields.Path, prefix) })
                )
            );
        }
        AddTicks(parts, ServiceFields.Registered, "ge", filter.From);
        AddTicks(parts, ServiceFields.Registered, "lt", filter.To);
        if (query is { Phrases.Length: > 0 })
        {
            parts.Add(Matches(query.Phrases, "all"));
        }
        if (query is { Excluded.Length: > 0 })
        {
            parts.Add($"not {Matches(query.Excluded, "any")}");
        }
        return string.Join(" and ", parts);
    }

    /// <summary>Places in which something stands that is excluded.</summary>
    public static string Excluded(LuceneQuery query) => $"{Places} and {Matches(query.Excluded, "any")}";

    /// <summary>The same, of these assets.</summary>
    public static string Excluded(LuceneQuery query, IEnumerable<string> assets) =>
        $"{Excluded(query)} and {AnyOf(ServiceFields.Asset, assets)}";

    public static string Without(IEnumerable<string> assets) => $"not {AnyOf(ServiceFields.Asset, assets)}";

    /// <summary>The places of all versions and revisions of an asset up to one.</summary>
    public static string PlacesOf(string asset, DateTimeOffset modifiedUntil)
    {
        List<string> parts = [Places, $"{ServiceFields.Asset} eq {Quote(asset)}"];
        AddTicks(parts, ServiceFields.Modified, "le", modifiedUntil);
        return string.Join(" and ", parts);
    }

    private static void AddOne(List<string> parts, string field, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            parts.Add(AnyOf(field, values.Select(Normalise)));
        }
    }

    private static void AddMany(List<string> parts, string field, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            parts.Add($"{field}/any(one: {AnyOf("one", values.Select(Normalise))})");
        }
    }

    private static void AddTicks(List<string> parts, string field, string comparison, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{field} {comparison} {at.UtcTicks}"));
        }
    }

    private static string Matches(string words, string mode) => $"search.ismatch({Quote(words)}, '{ServiceFields.Text}', 'full', '{mode}')";

    private static string Begins(string field, string prefix) => $"({field} ge {Quote(prefix)} and {field} lt {Quote(prefix + Last)})";

    private static string Either(IEnumerable<string> parts) => $"({string.Join(" or ", parts)})";

    public static string Normalise(string value) => WordForm.Of(value).ToLowerInvariant();
}
