namespace Serverless.Media;

/// <summary>What a file is by its content. <see cref="Kind"/> is null and <see cref="Refusal"/> says what was found and what
/// is allowed when the pipeline does not take it.</summary>
public sealed record MediaVerdict(MediaKind? Kind, string MediaType, string? Refusal)
{
    /// <summary>The end of every refusal.</summary>
    public const string Allowed =
        "allowed are text (UTF-8 or UTF-16 with byte order mark: plain, HTML, Markdown, JSON lines), "
        + "images (JPEG, PNG, WebP, GIF, TIFF) and video (MP4, MOV, WebM, MKV)";

    internal static MediaVerdict Accept(MediaKind kind, string mediaType) => new(kind, mediaType, null);

    internal static MediaVerdict Refuse(string mediaType, string found) => new(null, mediaType, $"Found {found}; {Allowed}.");
}
