using System.Text.Json.Serialization;

namespace Serverless.Drift.Checks;

public enum FeatureAspect
{
    /// <summary>The values of a number.</summary>
    Number,

    /// <summary>The shares of categories.</summary>
    Category,

    /// <summary>The shares of values that are there, missing and invalid.</summary>
    Presence,

    /// <summary>The vectors.</summary>
    Vector,
}

[JsonConverter(typeof(JsonStringEnumConverter<DriftVerdict>))]
public enum DriftVerdict
{
    /// <summary>The windows are too small to show anything: neither a shift nor that there is none.</summary>
    NotEnoughData,

    /// <summary>No shift was shown.</summary>
    Steady,

    /// <summary>The windows differ by more than the limit, and not by chance alone.</summary>
    Shifted,

    /// <summary>Shifted, and so surely that looks repeated over the horizon would hardly say so by chance.</summary>
    Alarm,
}

/// <summary>One feature of one slice in two windows.</summary>
/// <param name="Test">"kolmogorovSmirnov", "chiSquare" or "witness".</param>
/// <param name="P">How likely so large a difference is by chance; null where there is not enough data.</param>
/// <param name="AdjustedP">The same, corrected for all features of the report.</param>
/// <param name="Effect">The size of the shift, 0 to 1, in the test's unit.</param>
/// <param name="Evidence">Of all looks so far against chance; an alarm from the report's threshold on.</param>
/// <param name="Reference">Values that were compared.</param>
/// <param name="Current">Values that were compared.</param>
/// <param name="Sizes">Other measures of the same shift, by name.</param>
/// <param name="Bars">Shares of both windows, to be drawn; only of what shifted, and of the whole.</param>
/// <param name="Examples">Ids of predictions that look least like the reference; only of what shifted.</param>
public sealed record FeatureFinding(
    string Slice,
    string Feature,
    FeatureAspect Aspect,
    string Test,
    double? P,
    double? AdjustedP,
    double Effect,
    double EffectLimit,
    double Evidence,
    long Reference,
    long Current,
    DriftVerdict Verdict,
    IReadOnlyDictionary<string, double>? Sizes = null,
    IReadOnlyList<DriftBar>? Bars = null,
    IReadOnlyList<string>? Examples = null
)
{
    /// <summary>Names the stream of looks that the evidence belongs to.</summary>
    public string Stream() => $"{Slice}|{Feature}|{Aspect}";
}
