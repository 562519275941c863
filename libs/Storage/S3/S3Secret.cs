namespace Serverless.Storage;

/// <summary>A secret that is the content of an object, named by its address s3://BUCKET/KEY: who may read the object knows it.</summary>
public static class S3Secret
{
    private const int MaxBytes = 4 << 10;

    /// <param name="server">Where buckets are; its own bucket is not looked at.</param>
    /// <exception cref="ArgumentException">The address is none, or there is no such object.</exception>
    /// <exception cref="ObjectTooLargeException">The object has more than 4 KiB.</exception>
    public static async Task<string> ReadAsync(
        string address,
        S3StorageOptions server,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? parsed) || parsed.Scheme != "s3" || parsed.AbsolutePath.Length < 2)
        {
            throw new ArgumentException($"'{address}' names no object; expected is s3://BUCKET/KEY.", nameof(address));
        }
        S3StorageOptions options = new()
        {
            Bucket = parsed.Host,
            ServiceUrl = server.ServiceUrl,
            Region = server.Region,
        };
        using S3ObjectStore store = new(options, time);
        ObjectContent content = await store.ReadAsync(parsed.AbsolutePath[1..], MaxBytes, cancellationToken)
            ?? throw new ArgumentException($"There is no object {address}; expected is one that holds the secret.", nameof(address));
        return content.Data.ToString().Trim();
    }
}
