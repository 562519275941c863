using System.Globalization;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Where in an asset a vector belongs, written as a URI fragment: <c>char=120,350</c> in a text (RFC 5147), <c>t=12.48,20.1</c> in a
/// video (W3C Media Fragments), empty for the whole.
/// </summary>
public static class Place
{
    public const string Whole = "";

    private const string Characters = "char=";
    private const string Time = "t=";

    public static string OfText(int start, int end) => string.Create(CultureInfo.InvariantCulture, $"{Characters}{start},{end}");

    public static string OfTime(double startSeconds, double endSeconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Time}{startSeconds:0.###},{endSeconds:0.###}");

    /// <summary>The offsets of a place in a text; null for any other place.</summary>
    public static (int Start, int End)? ReadText(string place) =>
        Read(place, Characters) is { } pair ? ((int)pair.Start, (int)pair.End) : null;

    /// <summary>The seconds of a place in a video; null for any other place.</summary>
    public static (double Start, double End)? ReadTime(string place) => Read(place, Time);

    private static (double Start, double End)? Read(string place, string unit)
    {
        if (!place.StartsWith(unit, StringComparison.Ordinal))
        {
            return null;
        }
        string[] ends = place[unit.Length..].Split(',');
        return (double.Parse(ends[0], CultureInfo.InvariantCulture), double.Parse(ends[1], CultureInfo.InvariantCulture));
    }
}
