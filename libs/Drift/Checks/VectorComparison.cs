using Serverless.Drift.Observations;
using Serverless.Statistics.Shifts.Embeddings;

namespace Serverless.Drift.Checks;

/// <summary>Compares the vectors that are kept of both windows. Those of another length than most, or with a number that is none, are left
/// out.</summary>
internal static class VectorComparison
{
    private const int Seed = 1;

    public static FeatureFinding Compare(SlicePair pair)
    {
        Observation[] reference = [.. pair.Reference.Vectors.Rows],
            current = [.. pair.Current.Vectors.Rows];
        int dimension = reference.Concat(current).CountBy(row => row.Vector!.Count).MaxBy(same => same.Value).Key;
        (reference, current) = (Usable(reference, dimension), Usable(current, dimension));
        WitnessResult found = WitnessTest.Test(RowsOf(reference, dimension), RowsOf(current, dimension), Seed);
        return pair.Found(
            FeatureNames.Vector,
            FeatureAspect.Vector,
            "witness",
            found.Result,
            pair.Limits.MinVectorEffect,
            reference.Length,
            current.Length
        ) with
        {
            Examples = [.. found.MostShifted.Take(SlicePair.MaxExamples).Select(row => current[row].PredictionId)],
        };
    }

    private static Observation[] Usable(IEnumerable<Observation> rows, int dimension) =>
        [.. rows.Where(row => row.Vector!.Count == dimension && row.Vector.All(float.IsFinite))];

    private static EmbeddingRows RowsOf(Observation[] rows, int dimension)
    {
        float[] values = new float[rows.Length * dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int k = 0; k < dimension; k++)
            {
                values[(i * dimension) + k] = rows[i].Vector![k];
            }
        }
        return new EmbeddingRows(values, dimension);
    }
}
