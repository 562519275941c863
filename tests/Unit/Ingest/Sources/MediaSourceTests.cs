using Serverless.Ingest;
using Serverless.Ingest.Sources;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Sources;

public sealed class MediaSourceTests(SharedServers servers)
{
    [Fact]
    public void Covers_KeysOfItsContainerAndPrefixesThatPassItsFilter()
    {
        MediaSource source = SourceRig.Source("archive", prefixes: ["news/", "shop/2026"], types: ["image"]);

        Assert.True(source.Covers("archive", "news/a.jpg"));
        Assert.True(source.Covers("archive", "shop/2026-05/a.png"));
        Assert.False(source.Covers("archive", "news/a.txt"));
        Assert.False(source.Covers("archive", "sport/a.jpg"));
        Assert.False(source.Covers("other", "news/a.jpg"));
    }

    [Fact]
    public void ListedPrefixes_LeaveOutWhatAnotherBeginsWith() =>
        Assert.Equal(["news/", "shop/"], SourceRig.Source("a", prefixes: ["news/", "news/2026/", "shop/", "news/a"]).ListedPrefixes);

    [Theory]
    [InlineData("archive", "news/", true)]
    [InlineData("archive", "news/2026/", true)]
    [InlineData("archive", "", true)]
    [InlineData("archive", "sport/", false)]
    [InlineData("other", "news/", false)]
    public void Overlaps_WhereOnePrefixBeginsWithTheOther(string container, string prefix, bool overlaps) =>
        Assert.Equal(
            overlaps,
            SourceRig.Source("archive", prefixes: ["news/", "shop/"]).Overlaps(SourceRig.Source(container, prefixes: [prefix]))
        );

    [Fact]
    public async Task BuiltIn_IsWhereUploadsHaveAlwaysBeen()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        AzureObjectStore account = new((await servers.Azurite).Options);

        MediaSource s3 = MediaSource.BuiltInOf(bucket),
            azure = MediaSource.BuiltInOf(account);

        Assert.Equal((bucket.Locate("x").Container, "media/"), (s3.Container, Assert.Single(s3.Prefixes)));
        Assert.Equal(("media", ""), (azure.Container, Assert.Single(azure.Prefixes)));
        Assert.True(azure is { IsBuiltIn: true, BeginsNew: true });
    }

    /// <summary>The id that AssetSourceTests has from Python: a source of another container changes none that stands.</summary>
    [Fact]
    public void AssetIds_AreOfTheObject_WhateverSourceCoversIt()
    {
        Assert.Equal("j4uxcuuaihwpcrh4bv6xllgk2m", new AssetSource("azure", "media", "news/ä b.txt", "0x8DC1").AssetId);
        Assert.NotEqual(
            new AssetSource("azure", "archive", "news/ä b.txt", "0x8DC1").AssetId,
            new AssetSource("azure", "media", "news/ä b.txt", "0x8DC1").AssetId
        );
    }
}
