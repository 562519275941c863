using Serverless.Drift.Observations;
using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Embeddings;

namespace Serverless.Drift.Checks;

/// <summary>Compares the vectors that are kept of both windows. Those of another length than most, or with a number that is none, are left
/// out.</summary>
internal static class VectorComparison
{
    private const int Seed = 1;
    private const int Permutations = 200;
    private const int MaxDescribed = 512; // vectors of either window: their distances take a second
    private const double Near = 0.95; // of the reference's own vectors, so many have a near neighbour

    public static FeatureFinding Compare(SlicePair pair)
    {
        int dimension = DimensionOf(pair);
        Observation[] reference = Usable(pair.Reference.Vectors.Rows, dimension),
            current = Usable(pair.Current.Vectors.Rows, dimension);
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

    /// <summary>
    /// Other tests of the same windows, for who wants to see them; those by permutation, whose p-values are 0.005 or more, can say that
    /// there is a shift and never how sure it is.
    /// </summary>
    public static FeatureFinding Describe(SlicePair pair, FeatureFinding finding)
    {
        if (finding.Verdict == DriftVerdict.NotEnoughData)
        {
            return finding;
        }
        int dimension = DimensionOf(pair);
        EmbeddingRows reference = RowsOf(Usable(pair.Reference.Vectors.Rows.Take(MaxDescribed), dimension), dimension),
            current = RowsOf(Usable(pair.Current.Vectors.Rows.Take(MaxDescribed), dimension), dimension);
        Dictionary<string, double> sizes = [];
        Add("meanDiscrepancy", KernelTest.MeanDiscrepancy(reference, current, Permutations, Seed));
        Add("energyDistance", KernelTest.EnergyDistance(reference, current, Permutations, Seed));
        ShiftResult classifier = DomainClassifier.Test(reference, current, Permutations, Seed);
        Add("domainClassifier", classifier);
        if (classifier.P is not null)
        {
            sizes["domainClassifierAuc"] = classifier.Statistic;
        }
        ShiftResult near = NeighbourCoverage.Test(reference, current, Near, Seed);
        Add("neighbourCoverage", near);
        if (near.P is not null)
        {
            sizes["outlierShare"] = 1 - near.Statistic; // 1 - Near where nothing shifted
        }
        return finding with { Sizes = SlicePair.Finite(sizes) };

        void Add(string name, ShiftResult result)
        {
            if (result.P is { } p)
            {
                sizes[name] = result.Effect;
                sizes[name + "P"] = p;
            }
        }
    }

    private static int DimensionOf(SlicePair pair) =>
        pair.Reference.Vectors.Rows.Concat(pair.Current.Vectors.Rows).CountBy(row => row.Vector!.Count).MaxBy(same => same.Value).Key;

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
