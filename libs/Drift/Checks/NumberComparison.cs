using System.Globalization;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Statistics.Shifts;
using Serverless.Statistics.Shifts.Categories;
using Serverless.Statistics.Shifts.Numbers;

namespace Serverless.Drift.Checks;

/// <summary>Compares the values of one number by the rows that are kept of both windows.</summary>
internal static class NumberComparison
{
    private const int Bins = 10;
    private const int LeastDigits = 4;
    private const int MostDigits = 17; // all that a number has
    private const double LeastWithExponent = 1e9;

    public static FeatureFinding Compare(SlicePair pair, string feature)
    {
        SortedSample reference = ValuesOf(pair.Reference, feature),
            current = ValuesOf(pair.Current, feature);
        ShiftResult result = KolmogorovSmirnov.Test(reference, current);
        return pair.Found(
            feature,
            FeatureAspect.Number,
            "kolmogorovSmirnov",
            result,
            pair.Limits.MinNumberEffect,
            reference.Count,
            current.Count
        );
    }

    public static FeatureFinding Describe(SlicePair pair, FeatureFinding finding)
    {
        SortedSample reference = ValuesOf(pair.Reference, finding.Feature),
            current = ValuesOf(pair.Current, finding.Feature);
        if (reference.Count == 0 || current.Count == 0)
        {
            return finding;
        }
        QuantileBins bins = new(reference, Bins);
        CategoryCounts counts = bins.Count(reference, current);
        Dictionary<string, double> sizes = new()
        {
            ["referenceMean"] = pair.Reference.Numbers.GetValueOrDefault(finding.Feature).Mean,
            ["currentMean"] = pair.Current.Numbers.GetValueOrDefault(finding.Feature).Mean,
            ["stabilityIndex"] = CategoryDistances.StabilityIndex(counts),
            ["outOfRange"] = OutOfRange(reference, current),
            ["wasserstein"] = Wasserstein.InDeviations(reference, current),
        };
        if (CramerVonMises.Test(reference, current).P is { } p)
        {
            sizes["cramerVonMisesP"] = p;
        }
        return finding with
        {
            Sizes = SlicePair.Finite(sizes),
            Bars = [.. DriftBars.Of([.. RangesOf(bins.Edges)], counts).Where(bar => bar.Reference + bar.Current > 0)],
            Examples = finding.Verdict >= DriftVerdict.Shifted ? Unusual(pair, finding.Feature, reference) : null,
        };
    }

    /// <summary>Predictions whose value lies farthest from the reference's median, on the side to which the window moved.</summary>
    private static string[] Unusual(SlicePair pair, string feature, SortedSample reference)
    {
        double median = reference.Values[reference.Count / 2];
        double moved = pair.Current.Numbers.GetValueOrDefault(feature).Mean - pair.Reference.Numbers.GetValueOrDefault(feature).Mean;
        return
        [
            .. RowsOf(pair.Current, feature)
                .Where(row => row.Numbers.TryGetValue(feature, out double value) && double.IsFinite(value))
                .OrderByDescending(row => (row.Numbers[feature] - median) * (moved < 0 ? -1 : 1))
                .Take(SlicePair.MaxExamples)
                .Select(row => row.PredictionId),
        ];
    }

    /// <summary>
    /// The share of the window's values below the least or above the greatest of the reference. Chance alone brings some 2 of as many
    /// values as the reference has, so that it is told beside the missing and the invalid, and is no test.
    /// </summary>
    private static double OutOfRange(SortedSample reference, SortedSample current)
    {
        (double least, double greatest) = (reference.Values[0], reference.Values[^1]);
        int outside = 0;
        foreach (double value in current.Values)
        {
            outside += value < least || value > greatest ? 1 : 0;
        }
        return (double)outside / current.Count;
    }

    /// <summary>Of a type of entities that a text has none of, 0.</summary>
    private static SortedSample ValuesOf(SliceSummary side, string feature)
    {
        bool isCount = feature.StartsWith(FeatureNames.Entities, StringComparison.Ordinal);
        return new SortedSample([
            .. RowsOf(side, feature)
                .Where(row => isCount || row.Numbers.ContainsKey(feature))
                .Select(row => row.Numbers.GetValueOrDefault(feature))
                .Where(double.IsFinite),
        ]);
    }

    private static IEnumerable<Observation> RowsOf(SliceSummary side, string feature) =>
        feature == FeatureNames.Value ? side.Reports.Rows : side.Rows.Rows;

    /// <summary>What the ranges between the edges are called, by as many digits as tell the edges apart.</summary>
    internal static IEnumerable<string> RangesOf(IReadOnlyList<double> edges)
    {
        string[] texts = TextsOf(edges);
        for (int i = 0; i < edges.Count; i++)
        {
            yield return i > 0 && IsJustBelow(edges[i - 1], edges[i]) ? texts[i]
            : i + 1 < edges.Count && IsJustBelow(edges[i], edges[i + 1]) ? $"< {texts[i + 1]}"
            : $"≤ {texts[i]}";
        }
        yield return edges.Count == 0 ? "all" : $"> {texts[^1]}";
    }

    private static string[] TextsOf(IReadOnlyList<double> edges)
    {
        int wanted = edges.Where((edge, i) => i + 1 == edges.Count || !IsJustBelow(edge, edges[i + 1])).Count();
        for (int digits = LeastDigits; ; digits++)
        {
            string[] texts = [.. edges.Select(edge => Text(edge, digits))];
            if (digits == MostDigits || texts.Distinct().Count() >= wanted)
            {
                return texts;
            }
        }
    }

    /// <summary>A value that has a bin of its own.</summary>
    private static bool IsJustBelow(double edge, double next) => edge == Math.BitDecrement(next);

    /// <summary>Rounded to so many digits, and without an exponent where that stays short.</summary>
    private static string Text(double value, int digits)
    {
        string rounded = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        return Math.Abs(value) is >= 1 and < LeastWithExponent
            ? decimal.Parse(rounded, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : rounded;
    }
}
