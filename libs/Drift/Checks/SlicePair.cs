using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Statistics.Shifts;

namespace Serverless.Drift.Checks;

/// <summary>One slice in two windows, to be compared feature by feature; what is a shift is decided over all slices together.</summary>
internal sealed record SlicePair(string Name, SliceSummary Reference, SliceSummary Current, DriftLimits Limits, bool IsPartial = false)
{
    public const int MaxExamples = 5;

    public IEnumerable<FeatureFinding> Compare()
    {
        if (Math.Min(Reference.Answered, Current.Answered) < Limits.MinPredictions)
        {
            return [Found("predictions", FeatureAspect.Presence, "", ShiftResult.NotEnoughData, 0, Reference.Answered, Current.Answered)];
        }
        List<FeatureFinding> findings =
        [
            .. Names(side => side.Numbers.Keys).Select(feature => NumberComparison.Compare(this, feature)),
            .. Names(side => side.Categories.Keys)
                .Where(feature => !IsOwnField(feature))
                .Select(feature => CategoryComparison.Compare(this, feature)),
            .. Names(side => side.Numbers.Keys.Concat(side.Categories.Keys))
                .Where(IsIncomplete)
                .Select(feature => PresenceComparison.Compare(this, feature)),
        ];
        if (Reference.Vectors.Count > 0 || Current.Vectors.Count > 0)
        {
            findings.Add(VectorComparison.Compare(this));
        }
        return findings;
    }

    /// <summary>With what a reader wants to see of it: other sizes, what to draw, examples of what shifted.</summary>
    public FeatureFinding Describe(FeatureFinding finding) =>
        finding.Aspect switch
        {
            FeatureAspect.Number => NumberComparison.Describe(this, finding),
            FeatureAspect.Category => CategoryComparison.Describe(this, finding),
            FeatureAspect.Vector => VectorComparison.Describe(this, finding),
            _ => finding,
        };

    public FeatureFinding Found(
        string feature,
        FeatureAspect aspect,
        string test,
        ShiftResult result,
        double limit,
        long reference,
        long current
    ) =>
        new(
            Name,
            feature,
            aspect,
            test,
            result.P,
            AdjustedP: null,
            Math.Round(result.Effect, 6),
            limit,
            Evidence: 0,
            reference,
            current,
            result.P is null ? DriftVerdict.NotEnoughData : DriftVerdict.Steady
        );

    public static IReadOnlyDictionary<string, double> Finite(Dictionary<string, double> sizes) =>
        sizes.Where(size => double.IsFinite(size.Value)).ToDictionary(size => size.Key, size => Math.Round(size.Value, 6));

    private IEnumerable<string> Names(Func<SliceSummary, IEnumerable<string>> of) =>
        of(Reference)
            .Union(IsPartial ? [] : of(Current), StringComparer.Ordinal)
            .Where(feature => !feature.StartsWith(FeatureNames.Service, StringComparison.Ordinal) && feature != FeatureNames.TrueLabel)
            .Order(StringComparer.Ordinal);

    /// <summary>All of a slice have one value of the field that makes it.</summary>
    private bool IsOwnField(string feature) => Name.StartsWith(feature + "=", StringComparison.Ordinal);

    /// <summary>A version of this software that measures more than the last is no shift of what it measures.</summary>
    private bool IsNewlyMeasured(string feature) =>
        feature.StartsWith(FeatureNames.Input, StringComparison.Ordinal) && Reference.Missing(feature) == Reference.Answered;

    private bool IsIncomplete(string feature) =>
        FeatureNames.IsExpected(feature)
        && !IsNewlyMeasured(feature)
        && Reference.Missing(feature) + Reference.Invalid(feature) + Current.Missing(feature) + Current.Invalid(feature) > 0;
}
