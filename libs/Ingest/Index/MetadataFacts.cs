using Serverless.Ingest.Documents;
using Serverless.Media.Metadata;

namespace Serverless.Ingest.Index;

/// <summary>What files and their uploaders say, as name:value, for filters and facets. Pure.</summary>
public static class MetadataFacts
{
    /// <summary>What is longer is no value to choose by.</summary>
    private const int MaxCharacters = 300;

    private const string Taken = "taken";

    /// <summary>Lengths of a year, month and day: a filter asks for the beginning of a time.</summary>
    private static readonly int[] Beginnings = [4, 7, 10];

    private static readonly (string Name, Func<MediaMetadata, IEnumerable<string?>> Read)[] Told =
    [
        ("title", told => [told.Title]),
        ("creator", told => told.Creators),
        ("credit", told => [told.Credit]),
        ("copyright", told => [told.Copyright]),
        ("keyword", told => told.Keywords),
        ("place", told => [told.Place?.Name]),
        ("city", told => [told.Place?.City]),
        ("region", told => [told.Place?.Region]),
        ("country", told => [told.Place?.Country]),
        ("camera", told => [told.Camera]),
        (Taken, told => Beginnings.Where(length => told.Taken?.Length >= length).Select(length => told.Taken?[..length])),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Told.Select(fact => fact.Name)];

    /// <summary>Whether a filter names something that files say, and a value.</summary>
    public static bool IsNamed(string fact) =>
        fact.Split(':', 2) is [var name, { Length: > 0 }] && Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> ToldOf(AnalysisDocument document) =>
        [.. Told.SelectMany(fact => Write(fact.Name, fact.Read(document.Metadata ?? new()))).Distinct()];

    public static IReadOnlyList<string> GivenOf(AnalysisDocument document) =>
        [.. (document.Given ?? new Dictionary<string, string>()).SelectMany(given => Write(given.Key, [given.Value]))];

    private static IEnumerable<string> Write(string name, IEnumerable<string?> values) =>
        values.Where(value => !string.IsNullOrWhiteSpace(value) && value.Length <= MaxCharacters).Select(value => $"{name}:{value}");
}
