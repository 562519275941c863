using Serverless.Ingest;
using Serverless.Ingest.Sources;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Sources;

public sealed class SourceListingTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task List_HasEachObjectOnce_WhateverPrefixesOverlap(string name)
    {
        (IObjectStore store, string container) = await OpenAsync(name);
        IObjectStore media = store.In(container);
        string[] keys = ["a/1.txt", "a/2.txt", "b/1.txt", "c/1.txt"];
        await media.PutAsync(Token, [.. keys.Select(key => media.PathOf(container, key))]);
        MediaSource source = SourceRig.Source(container, name, prefixes: ["b/", "a/", "a/2"]);

        IReadOnlyList<string> found = await AllAsync(new SourceListing(new AssetStores([store])), source);

        Assert.Equal(["b/1.txt", "a/1.txt", "a/2.txt"], found.Select(path => media.Locate(path).Key));
    }

    [Fact]
    public async Task List_GoesOnAfterTheObjectThatWasLookedAtLast_AndFromTheBeginningWhereItIsGone()
    {
        (IObjectStore store, string bucket) = await OpenAsync("s3");
        await store.In(bucket).PutAsync(Token, "1.txt", "2.txt", "3.txt");
        SourceListing listing = new(new AssetStores([store]));
        MediaSource source = SourceRig.Source(bucket);

        SourcePage after = await listing.ListAsync(source, new SourceCursor(Through: "2.txt"), Token);
        SourcePage gone = await listing.ListAsync(source, new SourceCursor(Through: "2a.txt"), Token);

        Assert.Equal(["3.txt"], after.Objects.Select(one => one.Path));
        Assert.Equal(["1.txt", "2.txt", "3.txt"], gone.Objects.Select(one => one.Path));
    }

    [Fact]
    public async Task Count_TellsWhatMatches_AndEndsAtItsLimit()
    {
        (IObjectStore store, string bucket) = await OpenAsync("s3");
        await store.In(bucket).PutAsync(Token, "a/1.txt", "a/2.jpg", "b/3.jpg");
        SourceListing listing = new(new AssetStores([store]));
        MediaSource source = SourceRig.Source(bucket, prefixes: ["a/", "b/"], types: ["image"]);

        SourceTally whole = await listing.CountAsync(source, new SourceCursor(), 100, Token);
        SourceTally some = await listing.CountAsync(source, new SourceCursor(), 1, Token);

        Assert.Equal((3, 2, null), (whole.Seen, whole.Matched, whole.Next));
        Assert.Equal(["a/2.jpg", "b/3.jpg"], whole.Examples.Select(one => one.Path));
        Assert.Equal((2, new SourceCursor(1)), (some.Seen, some.Next)); // a prefix of it at once
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task List_OfAContainerThatIsNotThere_SaysSo(string name)
    {
        (IObjectStore store, _) = await OpenAsync(name);
        MediaSource source = SourceRig.Source("not-there", name);

        ContainerException fault = await Assert.ThrowsAsync<ContainerException>(() =>
            new SourceListing(new AssetStores([store])).ListAsync(source, new SourceCursor(), Token)
        );

        Assert.Contains("'not-there'", fault.Message);
    }

    private static async Task<IReadOnlyList<string>> AllAsync(SourceListing listing, MediaSource source)
    {
        List<string> found = [];
        for (SourceCursor? at = new(); at is not null; )
        {
            SourcePage page = await listing.ListAsync(source, at, Token);
            found.AddRange(page.Objects.Select(one => one.Path));
            at = page.Next;
        }
        return found;
    }

    private async Task<(IObjectStore Store, string Container)> OpenAsync(string name)
    {
        if (name == "s3")
        {
            return (await TestBucket.OpenAsync(servers), await SourceRig.CreateBucketAsync(servers));
        }
        return (new AzureObjectStore((await servers.Azurite).Options), $"archive-{Guid.NewGuid():N}"); // made by the first write
    }
}
