using System.Globalization;
using Serverless.Packages;
using Serverless.Validation.Golden;
using Serverless.Validation.Judging;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Watermarks;

/// <summary>Counts the answers that are as they must be, and decides.</summary>
internal static class WatermarkCheck
{
    /// <summary>Of what has no right and wrong, a cosine, an nDCG, an F1: what counts as the same answer.</summary>
    public const double SameFrom = 0.99;

    private const int MaxMissed = 10;

    public static WatermarkFinding Count(ModelTask task, WatermarkSet set, IReadOnlyList<ItemAnswer> answers)
    {
        GoldenScore score = GoldenScore.For(task, set.Items)[0];
        string[] missed =
        [
            .. set
                .Items.Where((_, i) => i >= answers.Count || score.ValueOf(task, set.Items, i, answers[i]) < SameFrom)
                .Select(item => item.Id),
        ];
        return new WatermarkFinding(set.Source, set.Items.Count, set.Items.Count - missed.Length, [.. missed.Take(MaxMissed)]);
    }

    public static Gate Judge(WatermarkFinding found, double minShare)
    {
        string name = $"watermark of the {found.Source}";
        string wanted = string.Create(CultureInfo.InvariantCulture, $"{minShare * 100:0.##} % of the answers or more");
        if (found.Fault is not null)
        {
            return new Gate(name, false, "not tried", wanted, $"The watermark of the {found.Source} could not be tried. {found.Fault}");
        }
        bool passed = found.Matched >= minShare * found.Items;
        return new Gate(
            name,
            passed,
            $"{found.Matched} of {found.Items}",
            wanted,
            $"{found.Matched} of the {found.Items} answers that must stay are there."
                + (found.Missed.Count == 0 ? "" : $" Missing are {string.Join(", ", found.Missed.Select(id => $"'{id}'"))}")
                + (
                    found.Items - found.Matched > found.Missed.Count ? " and others."
                    : found.Missed.Count == 0 ? ""
                    : "."
                )
        );
    }
}
