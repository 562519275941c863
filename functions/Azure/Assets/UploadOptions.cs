using System.ComponentModel.DataAnnotations;

namespace Serverless.Functions.Azure.Assets;

/// <summary>Section <c>Uploads</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>
    /// Most bytes of an upload, or of a model package, in the body of a request; 100 MiB by default, which is what the Functions host takes
    /// unless FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says otherwise. Larger ones go to storage directly.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 100L << 20;

    /// <summary>How long an address for direct uploads may be used; one hour by default, at most seven days, after which both stores
    /// end signatures. An upload that has begun may end later.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan AddressLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an address for direct downloads may be used; 15 minutes by default. Players ask for new ones.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan DownloadLifetime { get; set; } = TimeSpan.FromMinutes(15);
}
