using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Media.Metadata;

[Description("What the file says of itself, as its maker or an editor wrote it; nobody has checked it.")]
public sealed record MediaMetadata
{
    [MinLength(1)]
    public string? Title { get; init; }

    [MinLength(1)]
    public string? Description { get; init; }

    /// <summary>Authors, photographers, artists.</summary>
    public IReadOnlyList<string> Creators { get; init; } = [];

    /// <summary>Who is to be named when it is published.</summary>
    [MinLength(1)]
    public string? Credit { get; init; }

    [MinLength(1)]
    public string? Copyright { get; init; }
    public IReadOnlyList<string> Keywords { get; init; } = [];

    [Description("A tag of BCP 47.")]
    [RegularExpression("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    public string? Language { get; init; }

    [Description("When it was taken, or else written: as much of ISO 8601 as is told, with the offset from UTC where that is.")]
    [RegularExpression(@"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?)?)?$")]
    public string? Taken { get; init; }

    public ToldPlace? Place { get; init; }

    [Description("Make and model.")]
    [MinLength(1)]
    public string? Camera { get; init; }

    /// <summary>What could not be read and was left out.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Where it was taken; degrees are those of WGS 84.</summary>
public sealed record ToldPlace(
    [MinLength(1)] string? Name = null,
    [MinLength(1)] string? City = null,
    [MinLength(1)] string? Region = null,
    [MinLength(1)] string? Country = null,
    [Range(-90.0, 90.0)] double? Latitude = null,
    [Range(-180.0, 180.0)] double? Longitude = null
);
