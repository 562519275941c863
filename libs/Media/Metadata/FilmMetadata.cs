using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Media.Metadata;

/// <summary>What the tags of a film say: QuickTime's and MP4's user data and keys, Matroska's tags.</summary>
public static partial class FilmMetadata
{
    private const string Apple = "com.apple.quicktime.";

    /// <param name="tags">By name in lower case. Null where they tell nothing.</param>
    public static MediaMetadata? Read(IReadOnlyDictionary<string, string> tags)
    {
        MetadataDraft draft = new();
        draft.Title(First("title", Apple + "title"));
        draft.Description(First("description", Apple + "description", "synopsis", "comment"));
        draft.Creator(First("author", Apple + "author", "director"));
        draft.Creator(First("artist", Apple + "artist"));
        draft.Copyright(First("copyright", Apple + "copyright", "license"));
        draft.Keywords(First("keywords", Apple + "keywords"));
        draft.Taken(First(Apple + "creationdate", "date_recorded", "creation_time", "date", "date_released"));
        draft.Camera(First("make", Apple + "make"), First("model", Apple + "model"));
        if (First(Apple + "location.iso6709", "location") is { } place)
        {
            Match match = Position().Match(place);
            draft.Position(match.Success ? Number(match.Groups[1]) : double.NaN, match.Success ? Number(match.Groups[2]) : double.NaN);
        }
        return draft.Build();

        string? First(params string[] names) =>
            names.Select(name => tags.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
    }

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    // ISO 6709 in degrees, as cameras write it: +52.5200+013.4050+034.000/
    [GeneratedRegex(@"^([+-][0-9]{2}(?:\.[0-9]{1,10})?)([+-][0-9]{3}(?:\.[0-9]{1,10})?)")]
    private static partial Regex Position();
}
