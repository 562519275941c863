using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Searches;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Words;

namespace Serverless.Functions.Azure.Search;

/// <summary>The parameters that all searches have: filters, facets, and which page.</summary>
internal sealed partial record SearchTerms(WordFilter Filter, IReadOnlyList<string> Facets, int Limit, SearchCursor? After)
{
    public const int MaxHits = 100;
    public const int MaxValueCharacters = 300;
    private const string GivenPrefix = "meta.";
    private const int MaxPathCharacters = 1_024; // S3's longest key

    public static SearchTerms Read(HttpRequest request, IEnumerable<string> stores)
    {
        (DateTimeOffset? from, DateTimeOffset? to) = (request.ReadTime("from"), request.ReadTime("to"));
        if (from >= to)
        {
            throw RequestProblem.BadRequest($"from is {from:O} and to is {to:O}; allowed is a from before to.");
        }
        return new SearchTerms(
            new WordFilter
            {
                Kinds = ReadKinds(request),
                Stores = ReadMany(request, "store", "one of " + string.Join(", ", stores), stores.Contains),
                Prefixes = ReadMany(request, "prefix", "the beginning of a path", _ => true, MaxPathCharacters),
                From = from,
                To = to,
                Languages = ReadMany(request, "language", "two letters of ISO 639-1", value => Iso639().IsMatch(value)),
                Labels = ReadMany(request, "label", "a label", _ => true),
                Entities = ReadMany(request, "entity", "type:text, such as PER:Maria Keller", value => Entity().IsMatch(value)),
                Models = ReadMany(request, "model", "a name, or name/version", _ => true),
                Told = ReadMany(
                    request,
                    "told",
                    $"name:value, such as keyword:harbour; names are {string.Join(", ", MetadataFacts.Names)}",
                    MetadataFacts.IsNamed
                ),
                Given = ReadGiven(request),
            },
            ReadFacets(request),
            request.ReadNumber("limit", 1, MaxHits, otherwise: 10),
            ReadCursor(request)
        );
    }

    /// <summary>The values of a parameter that may be repeated; empty ones are none.</summary>
    private static string[] ReadMany(
        HttpRequest request,
        string name,
        string allowed,
        Func<string, bool> isAllowed,
        int maxCharacters = MaxValueCharacters
    )
    {
        string[] values = [.. request.Query[name].OfType<string>().Where(value => !string.IsNullOrWhiteSpace(value)).Distinct()];
        if (values.Length > WordFilter.MaxValues)
        {
            throw RequestProblem.BadRequest($"{name} is given {values.Length} times; allowed are {WordFilter.MaxValues}.");
        }
        foreach (string value in values)
        {
            if (value.Length > maxCharacters)
            {
                throw RequestProblem.BadRequest($"{name} has {value.Length} characters; allowed are 1 to {maxCharacters}.");
            }
            if (!isAllowed(value))
            {
                throw RequestProblem.BadRequest($"{name} is '{value}'; allowed is {allowed}.");
            }
        }
        return values;
    }

    /// <summary>The parameters <c>meta.{name}</c>, as they were given at the upload.</summary>
    private static string[] ReadGiven(HttpRequest request)
    {
        string[] names = [.. request.Query.Keys.Where(name => name.StartsWith(GivenPrefix, StringComparison.OrdinalIgnoreCase))];
        return names.Length <= GivenMetadata.MaxEntries
            ?
            [
                .. names.SelectMany(name =>
                    ReadMany(request, name, "a value", _ => true).Select(value => $"{name[GivenPrefix.Length..]}:{value}")
                ),
            ]
            : throw RequestProblem.BadRequest(
                $"There are {names.Length} parameters meta.{{name}}; allowed are {GivenMetadata.MaxEntries}, as at an upload."
            );
    }

    private static string[] ReadKinds(HttpRequest request)
    {
        string[] kinds = [.. Enum.GetValues<MediaKind>().Select(EntryKind.Of)];
        string[] named = ReadMany(request, "kind", string.Join(", ", kinds), value => kinds.Contains(value.ToLowerInvariant()));
        return [.. named.Select(value => value.ToLowerInvariant()).Distinct()];
    }

    private static string[] ReadFacets(HttpRequest request)
    {
        string[] facets =
        [
            .. (request.ReadText("facets", MaxValueCharacters) ?? "").Split(
                ',',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            ),
        ];
        return facets.FirstOrDefault(facet => !WordSearch.Facets.Contains(facet)) is { } unknown
            ? throw RequestProblem.BadRequest($"facets names '{unknown}'; allowed are {string.Join(", ", WordSearch.Facets)}.")
            : [.. facets.Distinct()];
    }

    private static SearchCursor? ReadCursor(HttpRequest request) =>
        request.ReadText("after", SearchCursor.MaxCharacters) is not { } after
            ? null
            : SearchCursor.Read(after) ?? throw RequestProblem.UnknownToken("search");

    [GeneratedRegex("^[A-Za-z]{2}$")]
    private static partial Regex Iso639();

    [GeneratedRegex("^[^:]+:.+$", RegexOptions.Singleline)]
    private static partial Regex Entity();
}
