using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class S3SecretTests(SharedServers servers)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ReadAsync_OfAnObject_IsItsContentWithoutTheLineBreak()
    {
        S3StorageOptions bucket = await WriteAsync("secrets/key", "c2VjcmV0\n");

        Assert.Equal("c2VjcmV0", await S3Secret.ReadAsync($"s3://{bucket.Bucket}/secrets/key", bucket, TimeProvider.System, None));
    }

    [Fact]
    public async Task ReadAsync_OfWhatIsNotThere_NamesIt()
    {
        S3StorageOptions bucket = await WriteAsync("secrets/key", "c2VjcmV0");

        var fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            S3Secret.ReadAsync($"s3://{bucket.Bucket}/secrets/other", bucket, TimeProvider.System, None)
        );

        Assert.Contains($"s3://{bucket.Bucket}/secrets/other", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_OfMoreThanASecretHas_IsRefused()
    {
        S3StorageOptions bucket = await WriteAsync("secrets/key", new string('a', 4097));

        await Assert.ThrowsAsync<ObjectTooLargeException>(() =>
            S3Secret.ReadAsync($"s3://{bucket.Bucket}/secrets/key", bucket, TimeProvider.System, None)
        );
    }

    [Theory]
    [InlineData("c2VjcmV0")]
    [InlineData("https://bucket/key")]
    [InlineData("s3://bucket/")]
    public async Task ReadAsync_OfNoAddress_IsRefused(string address)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => S3Secret.ReadAsync(address, new(), TimeProvider.System, None));
    }

    private async Task<S3StorageOptions> WriteAsync(string key, string content)
    {
        S3StorageOptions bucket = await (await servers.S3).CreateBucketAsync();
        using S3ObjectStore store = new(bucket, TimeProvider.System);
        using Stream body = new BinaryData(content).ToStream();
        await store.WriteAsync(key, body, WriteCondition.Always, "text/plain", None);
        return bucket;
    }
}
