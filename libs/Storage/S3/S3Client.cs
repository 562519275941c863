using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Serverless.Storage;

internal static class S3Client
{
    public static AmazonS3Client Create(S3StorageOptions options)
    {
        AmazonS3Config config = new()
        {
            // Servers beside Amazon's know neither the SDK's new checksums nor bodies in signed chunks.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 9, // waits at random below 1, 2, 4, 8, 16, then 20 s: about a minute in all
            ThrottleRetries = false,
            Timeout = TimeSpan.FromSeconds(30),
        };
        if (options.ServiceUrl is { } address)
        {
            config.ServiceURL = address.AbsoluteUri;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = options.Region;
        }
        else if (!string.IsNullOrEmpty(options.Region))
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }
        return new(config);
    }
}
