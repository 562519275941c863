namespace Serverless.Statistics.Shifts.Categories;

/// <summary>
/// Whether two windows have their categories in the same shares, by the chi-square distribution with one degree of freedom less than there
/// are categories. Categories of which either window is expected to have fewer than <see cref="MinExpected"/> are one category, "rare"; if
/// that is too rare itself, it joins the smallest of the others (Cochran 1954, "Some methods for strengthening the common χ² tests").
/// There is not enough data where a window has fewer than twice that number, or all categories are rare.
/// </summary>
public static class HomogeneityTest
{
    public const double MinExpected = 5;

    /// <summary>
    /// Pearson's chi-square; equals <c>scipy.stats.chi2_contingency(correction=False)</c> after pooling. The effect is Cramér's V of the
    /// two rows, √(χ² / n): 0 to 1, 0.1 being small and 0.3 medium (Cohen 1988, p. 227).
    /// </summary>
    public static ShiftResult ChiSquare(CategoryCounts counts) =>
        Test(counts, (seen, expected) => (seen - expected) * (seen - expected) / expected, (chi2, total) => Math.Sqrt(chi2 / total));

    /// <summary>
    /// The likelihood ratio; equals the same function with <c>lambda_="log-likelihood"</c> (Sokal and Rohlf 1981, ch. 17). The effect is
    /// what the category tells of the window, in bits: 0 to 1.
    /// </summary>
    public static ShiftResult G(CategoryCounts counts) =>
        Test(
            counts,
            (seen, expected) => seen == 0 ? 0 : 2 * seen * Math.Log(seen / expected),
            (g, total) => Math.Max(0, g) / (2 * total * Math.Log(2))
        );

    private static ShiftResult Test(CategoryCounts counts, Func<double, double, double> term, Func<double, double, double> effect)
    {
        (double reference, double current) = (counts.ReferenceTotal, counts.CurrentTotal);
        if (Math.Min(reference, current) < 2 * MinExpected)
        {
            return ShiftResult.NotEnoughData;
        }
        double total = reference + current;
        List<(double Reference, double Current)> pooled = Pool(counts, Math.Min(reference, current) / total);
        if (pooled.Count < 2)
        {
            return pooled.Count == 0 ? ShiftResult.NotEnoughData : ShiftResult.NoDifference;
        }
        double sum = 0;
        foreach ((double inReference, double inCurrent) in pooled)
        {
            double both = inReference + inCurrent;
            sum += term(inReference, both / total * reference) + term(inCurrent, both / total * current);
        }
        sum = Math.Max(0, sum);
        return new ShiftResult(sum, ChiSquared.Above(sum, pooled.Count - 1), effect(sum, total));
    }

    /// <summary>None where all categories are rare.</summary>
    /// <param name="smaller">The smaller window's share of all.</param>
    private static List<(double Reference, double Current)> Pool(CategoryCounts counts, double smaller)
    {
        List<(double Reference, double Current)> kept = [];
        (double Reference, double Current) rare = default;
        for (int i = 0; i < counts.Reference.Length; i++)
        {
            (double Reference, double Current) category = (counts.Reference[i], counts.Current[i]);
            if (Expected(category) >= MinExpected)
            {
                kept.Add(category);
            }
            else
            {
                rare = Join(rare, category);
            }
        }
        if (kept.Count > 0 && Expected(rare) >= MinExpected)
        {
            kept.Add(rare);
        }
        else if (kept.Count > 0)
        {
            int smallest = Enumerable.Range(0, kept.Count).MinBy(i => Expected(kept[i]));
            kept[smallest] = Join(kept[smallest], rare);
        }
        return kept;

        double Expected((double Reference, double Current) category) => (category.Reference + category.Current) * smaller;
        static (double, double) Join((double Reference, double Current) a, (double Reference, double Current) b) =>
            (a.Reference + b.Reference, a.Current + b.Current);
    }
}
