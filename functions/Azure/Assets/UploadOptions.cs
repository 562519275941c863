namespace Serverless.Functions.Azure.Assets;

/// <summary>Section <c>Uploads</c>.</summary>
public sealed class UploadOptions
{
    /// <summary>
    /// Most bytes of an upload, or of a model package, in the body of a request; 100 MiB by default, which is what the Functions host takes
    /// unless FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says otherwise. Larger ones go to storage directly.
    /// </summary>
    public long MaxBytes { get; set; } = 100L << 20;

    /// <summary>How long an address for direct uploads may be used; one hour by default. An upload that has begun may end later.</summary>
    public TimeSpan AddressLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Everything that is wrong, each problem naming its key, the value found and what is allowed.</summary>
    internal IReadOnlyList<string> Validate() => [.. Problems()];

    private IEnumerable<string> Problems()
    {
        if (MaxBytes < 1)
        {
            yield return $"Uploads:MaxBytes is {MaxBytes}; allowed is 1 or more.";
        }
        // Both stores end signatures after seven days.
        if (AddressLifetime < TimeSpan.FromMinutes(1) || AddressLifetime > TimeSpan.FromDays(7))
        {
            yield return $"Uploads:AddressLifetime is {AddressLifetime}; allowed are 00:01:00 to 7.00:00:00.";
        }
    }
}
