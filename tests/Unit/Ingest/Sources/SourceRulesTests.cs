using Serverless.Ingest;
using Serverless.Ingest.Sources;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Sources;

public sealed class SourceRulesTests(SharedServers servers)
{
    public static TheoryData<string> BadNames() => ["", "..", "a/b", "a\nb", "A", "-a", "a-", "a.b", "media", new string('a', 1_000)];

    [Theory]
    [MemberData(nameof(BadNames))]
    public async Task Rejects_Names(string name) => Assert.Contains("name is '", await FaultAsync(SourceRig.Source("archive", name: name)));

    public static TheoryData<string> BadContainers() =>
        [
            "",
            "..",
            "a/b",
            "arch\nive",
            "Archive",
            "$web",
            "http://127.0.0.1",
            "127.0.0.1:8080/x",
            "archive?sig=x",
            "a--b",
            "a..b",
            new string('a', 1_000),
        ];

    [Theory]
    [MemberData(nameof(BadContainers))]
    public async Task Rejects_Containers(string container) =>
        Assert.Contains("allowed are names of containers and buckets", await FaultAsync(SourceRig.Source(container)));

    [Theory]
    [InlineData("ledger")]
    [InlineData("analyses")]
    [InlineData("registry")]
    [InlineData("sources")]
    [InlineData("azure-webjobs-secrets")]
    [InlineData("serverless-leases")]
    public async Task Rejects_TheContainersOfResults(string container) =>
        Assert.Contains("in which the pipeline keeps what it made", await FaultAsync(SourceRig.Source(container, store: "azure")));

    [Fact]
    public async Task Rejects_TheBucketOfResults()
    {
        S3ObjectStore bucket = await TestBucket.OpenAsync(servers);
        MediaSource source = SourceRig.Source(bucket.Locate("x").Container, prefixes: ["news/"]);

        SourceException fault = Assert.Throws<SourceException>(() => SourceRules.Check(source, new AssetStores([bucket])));

        Assert.Contains("in which the pipeline keeps what it made", fault.Message);
    }

    [Theory]
    [InlineData("../a", "a folder '.' or '..'")]
    [InlineData("a/./b", "a folder '.' or '..'")]
    [InlineData("/a", "begins with '/'")]
    [InlineData("a\nb", "a control character")]
    [InlineData("a\\b", "a backslash")]
    public async Task Rejects_Prefixes(string prefix, string fault)
    {
        string found = await FaultAsync(SourceRig.Source("archive", prefixes: ["news/", prefix]));

        Assert.StartsWith("prefixes[1] is '", found);
        Assert.Contains(fault, found);
        Assert.DoesNotContain('\n', found);
    }

    [Fact]
    public async Task Rejects_TooManyAndTooLongPrefixes()
    {
        Assert.Contains(
            "prefixes has 10000 entries; allowed are 1 to 20",
            await FaultAsync(SourceRig.Source("archive", prefixes: [.. Enumerable.Range(0, 10_000).Select(i => $"p{i}/")]))
        );
        Assert.Contains("prefixes has 0 entries", await FaultAsync(SourceRig.Source("archive", prefixes: [])));
        Assert.Contains("has 1000 characters", await FaultAsync(SourceRig.Source("archive", prefixes: [new string('a', 1_000)])));
        Assert.Contains("an entry twice", await FaultAsync(SourceRig.Source("archive", prefixes: ["a", "a"])));
    }

    [Fact]
    public async Task Rejects_UnknownTypesStoresAndRates()
    {
        Assert.StartsWith("types[0] is 'audio'", await FaultAsync(SourceRig.Source("archive", types: ["audio"])));
        Assert.Contains("store is 'gcs'; allowed are azure and s3", await FaultAsync(SourceRig.Source("archive", store: "gcs")));
        Assert.Contains("ratePerSecond is 0; allowed are 1 to 1000", await FaultAsync(SourceRig.Source("archive", rate: 0)));
        Assert.Contains("ratePerSecond is 1001", await FaultAsync(SourceRig.Source("archive", rate: 1_001)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("news-archive-2026")]
    public async Task Accepts_ANamedContainer(string name) =>
        SourceRules.Check(
            SourceRig.Source("old.archive-1", name: name, prefixes: ["", "news/ä b"], types: ["text", ".jpg"], rate: 1_000),
            await StoresAsync()
        );

    private async Task<string> FaultAsync(MediaSource source)
    {
        AssetStores stores = await StoresAsync();
        SourceException fault = Assert.Throws<SourceException>(() => SourceRules.Check(source, stores));
        Assert.Equal(SourceFault.Invalid, fault.Fault);
        Assert.True(fault.Message.Length < 400, fault.Message);
        return fault.Message;
    }

    private async Task<AssetStores> StoresAsync() =>
        new([await TestBucket.OpenAsync(servers), new AzureObjectStore((await servers.Azurite).Options)]);
}
