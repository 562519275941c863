using Serverless.Validation.Golden;

namespace Serverless.Validation.Watermarks;

/// <summary>Inputs whose answers must stay.</summary>
/// <param name="Source">Who asks for it: <see cref="OfEnvironment"/> or <see cref="OfPackage"/>.</param>
/// <param name="File">Its lines, beside its pictures by their digests.</param>
internal sealed record WatermarkSet(string Source, string File, IReadOnlyList<GoldenItem> Items)
{
    public const string OfEnvironment = "environment";
    public const string OfPackage = "package";

    /// <summary>In which a package brings its own.</summary>
    public const string PackageFile = "watermark.jsonl";

    public const int MaxItems = 1_000;
}

/// <summary>How many of the answers were there.</summary>
/// <param name="Missed">Ids of the first that were not.</param>
/// <param name="Fault">Why it could not be tried; null where it was.</param>
public sealed record WatermarkFinding(string Source, int Items, int Matched, IReadOnlyList<string> Missed, string? Fault = null);
