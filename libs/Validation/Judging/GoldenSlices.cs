using Serverless.Statistics.Comparisons;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Judging;

/// <summary>The items of a golden set by language, by source and by kind.</summary>
internal static class GoldenSlices
{
    private static readonly (string Field, Func<GoldenItem, string?> Value)[] Fields =
    [
        ("language", i => i.Language),
        ("source", i => i.Source),
        ("kind", i => i.Kind),
    ];

    public static IReadOnlyList<Slice> Of(IReadOnlyList<GoldenItem> items) =>
        [
            .. Fields.SelectMany(field =>
                items
                    .Select((item, at) => (Value: field.Value(item), at))
                    .Where(i => i.Value is not null)
                    .GroupBy(i => i.Value!, i => i.at, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new Slice(field.Field, g.Key, [.. g]))
            ),
        ];
}
