using Serverless.Ingest;
using Serverless.Ingest.Sources;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest.Sources;

public sealed class SourceBookTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_IsListedBehindTheBuiltInOne_AndCovers()
    {
        SourceBook book = await OpenAsync();
        MediaSource source = await AddAsync(book);

        Assert.Equal(["media", "archive"], (await book.ListAsync(Token)).Items.Select(one => one.Name));
        Assert.Equal((1, 1), (source.Version, source.Sync));
        SourceCoverage coverage = await book.LoadCoverageAsync("s3", Token);
        Assert.True(coverage.Covers(source.Container, "a.txt"));
        Assert.False(coverage.Covers("elsewhere", "a.txt"));
    }

    [Fact]
    public async Task Add_OfANameThatIsThere_IsRefused_AndOfOneThatWasRemoved_CountsOn()
    {
        SourceBook book = await OpenAsync();
        MediaSource source = await AddAsync(book);

        SourceException fault = await Assert.ThrowsAsync<SourceException>(() => book.AddAsync(source, Token));
        await book.ChangeAsync("s3", "archive", "ben", one => one with { State = SourceState.Removed, Erases = true }, Token);
        MediaSource again = await book.AddAsync(source, Token);

        Assert.Equal(SourceFault.Conflict, fault.Fault);
        Assert.Equal((3, 2, SourceState.Active, false), (again.Version, again.Sync, again.State, again.Erases));
    }

    [Fact]
    public async Task Add_OfABucketThatTheAccountDoesNotHave_IsRefused()
    {
        SourceBook book = await OpenAsync();

        SourceException fault = await Assert.ThrowsAsync<SourceException>(() => book.AddAsync(SourceRig.Source("not-there"), Token));

        Assert.Equal((SourceFault.Invalid, true), (fault.Fault, fault.Message.Contains("does not have")));
    }

    [Fact]
    public async Task Change_NamesWhoAndCounts_AndTheSameChangesNothing()
    {
        SourceBook book = await OpenAsync();
        await AddAsync(book);

        MediaSource changed = await book.ChangeAsync("s3", "archive", "ben", one => one with { RatePerSecond = 3 }, Token);
        MediaSource same = await book.ChangeAsync("s3", "archive", "eva", one => one, Token);

        Assert.Equal((3, "ben", "ana", 2), (changed.RatePerSecond, changed.ChangedBy, changed.By, changed.Version));
        Assert.Equal((2, "ben"), (same.Version, same.ChangedBy));
    }

    [Theory]
    [InlineData("s3", "media", SourceFault.Conflict)]
    [InlineData("s3", "unknown", SourceFault.Missing)]
    [InlineData("s3", "../ledger", SourceFault.Missing)]
    [InlineData("gcs", "archive", SourceFault.Missing)]
    public async Task Change_OfTheBuiltInOne_AndOfNone_IsRefused(string store, string name, SourceFault expected)
    {
        SourceBook book = await OpenAsync();

        SourceException fault = await Assert.ThrowsAsync<SourceException>(() => book.ChangeAsync(store, name, "ben", one => one, Token));

        Assert.Equal(expected, fault.Fault);
    }

    [Fact]
    public async Task Change_ToWhatIsNotAllowed_ChangesNothing()
    {
        SourceBook book = await OpenAsync();
        await AddAsync(book);

        await Assert.ThrowsAsync<SourceException>(() => book.ChangeAsync("s3", "archive", "ben", one => one with { Types = ["x"] }, Token));

        Assert.Empty((await book.FindAsync("s3", "archive", Token))!.Types);
    }

    [Fact]
    public async Task Note_OfASourceThatWasChangedMeanwhile_ChangesNothing()
    {
        SourceBook book = await OpenAsync();
        MediaSource source = await AddAsync(book);
        await book.ChangeAsync("s3", "archive", "ben", one => one with { Sync = 2 }, Token);

        await book.NoteAsync("s3", "archive", one => one.Sync == source.Sync, (one, now) => one with { Synced = now }, Token);

        Assert.Null((await book.FindAsync("s3", "archive", Token))!.Synced);
    }

    private async Task<SourceBook> OpenAsync() => new(new AssetStores([await TestBucket.OpenAsync(servers)]), TimeProvider.System);

    private async Task<MediaSource> AddAsync(SourceBook book) =>
        await book.AddAsync(SourceRig.Source(await SourceRig.CreateBucketAsync(servers)), Token);
}
