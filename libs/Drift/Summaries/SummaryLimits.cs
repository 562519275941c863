namespace Serverless.Drift.Summaries;

/// <summary>
/// What a summary may hold, whatever the captures hold. An hour of one version takes at most 49 slices × 640 rows; as predictions go it
/// takes some 500 rows of 20 features, 0.2 MB compressed.
/// </summary>
public static class SummaryLimits
{
    /// <summary>Numbers and categories, of all slices together. What comes beyond is counted.</summary>
    public const int MaxFeatures = 200;

    /// <summary>Of a feature. One with more is compared by its sample alone.</summary>
    public const int MaxCategories = 256;

    /// <summary>Of a field such as the language; what comes beyond is the slice "other".</summary>
    public const int MaxSlicesOfField = 16;

    public const string OtherSlice = "(other)";

    /// <summary>Rows kept of an hour, for each slice.</summary>
    public const int HourRows = 512;
    public const int HourVectors = 128;

    /// <summary>Rows kept of a window, for each slice.</summary>
    public const int WindowRows = 4_096;
    public const int WindowVectors = 1_024;
}
