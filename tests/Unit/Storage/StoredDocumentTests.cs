using System.Text.Json;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class StoredDocumentTests(SharedServers servers)
{
    private readonly string _path = $"docs/{Guid.NewGuid():N}.json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Update_ByManyWritersAtOnce_LosesNoChange(string name)
    {
        StoredDocument<Tally> document = Open(await OpenStoreAsync(name));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => document.UpdateAsync(before => new Tally((before?.Count ?? 0) + 1), Token)));

        Assert.Equal(20, (await document.ReadAsync(Token))!.Value.Count);
    }

    [Fact]
    public async Task Create_OverADocument_LeavesItAsItIs()
    {
        StoredDocument<Tally> document = Open(await OpenStoreAsync("azure"));

        Stored<Tally>? first = await document.CreateAsync(new Tally(1), Token);
        Stored<Tally>? second = await document.CreateAsync(new Tally(2), Token);

        Assert.Null(second);
        Assert.Equal(first, await document.ReadAsync(Token), (a, b) => (a!.Value, a.Tag) == (b!.Value, b.Tag));
    }

    [Fact]
    public async Task Update_ThatWantsNoChange_WritesNothing()
    {
        StoredDocument<Tally> document = Open(await OpenStoreAsync("azure"));
        Stored<Tally>? first = await document.CreateAsync(new Tally(1), Token);

        Stored<Tally>? same = await document.UpdateAsync(before => before, Token);
        Stored<Tally>? refused = await document.UpdateAsync(_ => null, Token);

        Assert.Equal((first!.Tag, first.Tag), (same!.Tag, refused!.Tag));
    }

    [Fact]
    public async Task Update_OnAGuessThatIsWrong_IsDecidedByWhatStands()
    {
        StoredDocument<Tally> document = Open(await OpenStoreAsync("azure"));
        Stored<Tally>? old = await document.CreateAsync(new Tally(1), Token);
        await document.UpdateAsync(_ => new Tally(5), Token);

        Stored<Tally>? fromOld = await document.UpdateAsync(before => new Tally(before!.Count + 1), Token, new(old));
        Stored<Tally>? fromNone = await document.UpdateAsync(before => new Tally((before?.Count ?? 0) + 1), Token, new(null));

        Assert.Equal((6, 7), (fromOld!.Value.Count, fromNone!.Value.Count));
    }

    [Fact]
    public async Task Update_WhereOthersAreAlwaysFaster_EndsWithThePath()
    {
        StoredDocument<Tally> document = Open(await OpenStoreAsync("azure"), new HastyTime());
        int asked = 0;

        DocumentContendedException ended = await Assert.ThrowsAsync<DocumentContendedException>(() =>
            document.UpdateAsync(
                async (_, cancellationToken) =>
                {
                    asked++;
                    await document.UpdateAsync(before => new Tally((before?.Count ?? 0) + 1), cancellationToken);
                    return new Tally(-1);
                },
                Token
            )
        );

        Assert.Equal((_path, StoredDocument<Tally>.MaxTries, asked), (ended.Path, ended.Tries, asked));
        Assert.Contains(_path, ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfWhatIsNoDocument_NamesThePath()
    {
        IObjectStore store = await OpenStoreAsync("azure");
        using Stream body = BinaryData.FromString("{").ToStream();
        await store.WriteAsync(_path, body, WriteCondition.Always, "application/json", Token);

        JsonException refused = await Assert.ThrowsAsync<JsonException>(() => Open(store).ReadAsync(Token));

        Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
    }

    private async Task<IObjectStore> OpenStoreAsync(string name) =>
        name == "azure"
            ? new AzureObjectStore((await servers.Azurite).Options)
            : new S3ObjectStore(await (await servers.S3).CreateBucketAsync(), TimeProvider.System);

    private StoredDocument<Tally> Open(IObjectStore store, TimeProvider? time = null) =>
        new(store, _path, 1_000, time ?? TimeProvider.System);

    private sealed record Tally(int Count);

    /// <summary>A clock on which every wait is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
