using System.ComponentModel.DataAnnotations;

namespace Serverless.Storage;

/// <summary>Which stores there are; a section left empty means that there is no such store.</summary>
public sealed class StorageOptions
{
    public AzureStorageOptions Azure { get; set; } = new();

    public S3StorageOptions S3 { get; set; } = new();
}

/// <summary>An Azure Storage account, named by connection string or by address.</summary>
public sealed class AzureStorageOptions : IValidatableObject
{
    public string? ConnectionString { get; set; }

    /// <summary>For instance https://account.blob.core.windows.net; signs in with the identity of the process.</summary>
    public Uri? BlobServiceUri { get; set; }

    /// <summary>For instance https://account.queue.core.windows.net.</summary>
    public Uri? QueueServiceUri { get; set; }

    /// <summary>Size of a block of an upload, 4 MiB by default. An upload keeps one in memory.</summary>
    [Range(64 << 10, 256 << 20)]
    public int BlockBytes { get; set; } = 4 << 20;

    public bool IsConfigured => !string.IsNullOrEmpty(ConnectionString) || BlobServiceUri is not null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(ConnectionString) && BlobServiceUri is not null)
        {
            yield return new($"BlobServiceUri is '{BlobServiceUri}' beside a ConnectionString; allowed is one of the two.");
        }
        if (BlobServiceUri is not null && QueueServiceUri is null)
        {
            yield return new("QueueServiceUri is empty; it must stand beside BlobServiceUri.");
        }
    }
}

/// <summary>One bucket. Credentials come from the SDK's usual places (environment, profile, role).</summary>
public sealed class S3StorageOptions : IValidatableObject
{
    public string? Bucket { get; set; }

    /// <summary>Empty for Amazon itself; otherwise the address of another S3 server, for instance http://127.0.0.1:4568.</summary>
    public Uri? ServiceUrl { get; set; }

    /// <summary>Empty: as the environment says (AWS_REGION).</summary>
    public string? Region { get; set; }

    /// <summary>
    /// Size of a part of a multipart upload, 8 MiB by default; an upload keeps one in memory. It doubles every thousand
    /// parts, so that ten thousand parts, S3's limit, reach its largest object: the first 8 GB go in parts of 8 MiB.
    /// </summary>
    [Range(5 << 20, 128 << 20)]
    public int PartBytes { get; set; } = 8 << 20;

    public bool IsConfigured => !string.IsNullOrEmpty(Bucket);

    /// <summary>The same for another bucket of the account.</summary>
    public S3StorageOptions Of(string bucket) =>
        new()
        {
            Bucket = bucket,
            ServiceUrl = ServiceUrl,
            Region = Region,
            PartBytes = PartBytes,
        };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceUrl is not null && !IsConfigured)
        {
            yield return new($"Bucket is empty; it must stand beside ServiceUrl '{ServiceUrl}'.");
        }
    }
}
