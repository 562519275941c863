using Amazon.S3.Model;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class GivenMetadataTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadHeadAsync_OfAzure_GivesWhatTheWriterSaid()
    {
        AzureObjectStore store = new((await servers.Azurite).Options);
        Dictionary<string, string> given = new() { ["desk"] = "foreign", ["note"] = "für Möwen – 海" };
        using MemoryStream body = new([1, 2, 3]);

        await store.WriteAsync("given/a.bin", body, WriteCondition.Always, "application/octet-stream", given, Token);
        ObjectContent head = (await store.ReadHeadAsync("given/a.bin", 2, Token))!;

        Assert.Equal(given.OrderBy(one => one.Key), head.Given!);
    }

    [Fact]
    public async Task ReadHeadAsync_OfS3_GivesWhatTheWriterSaid()
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        using Amazon.S3.AmazonS3Client client = S3Client.Create(options);
        PutObjectRequest put = new()
        {
            BucketName = options.Bucket,
            Key = "media/a",
            ContentBody = "abc",
        };
        put.Metadata["Desk"] = "foreign";
        await client.PutObjectAsync(put, Token);
        using S3ObjectStore store = new(options, TimeProvider.System);

        ObjectContent head = (await store.ReadHeadAsync("media/a", 2, Token))!;

        Assert.Equal([KeyValuePair.Create("desk", "foreign")], head.Given!);
    }

    [Fact]
    public void Read_TakesWhatFits()
    {
        Dictionary<string, string> many = Enumerable
            .Range(0, 100)
            .ToDictionary(i => $"n{i:D3}", i => new string('x', i == 1 ? 20_000 : 10));

        Assert.Equal("n000", Assert.Single(GivenMetadata.Read(many)!).Key);
        Assert.Equal(GivenMetadata.MaxEntries, GivenMetadata.Read(many.Where(one => one.Key != "n001"))!.Count);
        Assert.Null(GivenMetadata.Read(null));
    }

    [Theory]
    [InlineData("=?UTF-8?B?TcO2d2U=?=", "Möwe")]
    [InlineData("=?utf-8?Q?M=C3=B6we_2?=", "Möwe 2")]
    [InlineData("=?UTF-8?B?!?=", "=?UTF-8?B?!?=")]
    [InlineData("a\u0007b", "ab")]
    public void Read_DecodesWords(string stored, string text) =>
        Assert.Equal(text, GivenMetadata.Read([KeyValuePair.Create("a", stored)])!["a"]);

    [Theory]
    [InlineData("a-b")]
    [InlineData("1a")]
    [InlineData("")]
    public void FaultOf_NamesWhatNoStoreKeeps(string name) =>
        Assert.Contains($"'{name}'", GivenMetadata.FaultOf(new Dictionary<string, string> { [name] = "a" }));
}
