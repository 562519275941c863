using Serverless.Vectors;

namespace Serverless.Unit.Vectors;

/// <summary>The reference: a list scanned in double precision, newest version by sorting.</summary>
internal static class NaiveVectorSearch
{
    public static AssetVectors[] Newest(IEnumerable<AssetVectors> batches) =>
        [
            .. batches
                .GroupBy(batch => batch.Asset)
                .Select(versions =>
                    versions
                        .OrderBy(batch => batch.Modified)
                        .ThenBy(batch => batch.Version, StringComparer.Ordinal)
                        .ThenBy(batch => batch.Entries.Count == 0)
                        .Last()
                ),
        ];

    public static (string Asset, string Place, double Score)[] Search(
        IEnumerable<AssetVectors> batches,
        float[] query,
        int limit,
        string? kind
    ) =>
        [
            .. Newest(batches)
                .SelectMany(batch =>
                    batch.Entries.Select(entry => (batch.Asset, entry.Place, entry.Kind, Score: Cosine(query, entry.Vector.Span)))
                )
                .Where(hit => kind is null || hit.Kind == kind)
                .OrderByDescending(hit => hit.Score)
                .Select(hit => (hit.Asset, hit.Place, hit.Score))
                .Take(limit),
        ];

    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0,
            aa = 0,
            bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return aa == 0 || bb == 0 ? 0 : dot / Math.Sqrt(aa * bb);
    }
}
