using Serverless.Media;

namespace Serverless.Ingest.Analyzers;

/// <summary>What a vector stands for; searches may ask for one kind.</summary>
public static class EntryKind
{
    /// <summary>The mean of a text's passages: kept beside the document, not searched, since its passages are.</summary>
    public const string Document = "document";

    public static string Of(MediaKind kind) =>
        kind switch
        {
            MediaKind.Text => "text",
            MediaKind.Image => "image",
            MediaKind.Video => "video",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of media."),
        };
}
