using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Host;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Host;

/// <summary>Over Azurite, in a container of its own.</summary>
public sealed class RunStoreClaimTests(SharedServers servers) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("claim-");
    private readonly FakeTimeProvider _time = new();
    private readonly HostFault _fault = new();
    private readonly string _container = $"hosts-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Take_ByHostsOfOneRunStore_IsShared()
    {
        await using RunStoreClaim first = await TakeAsync("one.db");
        await using RunStoreClaim second = await TakeAsync("one.db");

        Assert.False(_fault.Task.IsCompleted);
    }

    [Fact]
    public async Task Take_ByAHostOfAnotherRunStore_IsRefused_UntilTheLeaseIsOver()
    {
        await using RunStoreClaim first = await TakeAsync("one.db");

        var refused = await Assert.ThrowsAsync<HostStartException>(() => TakeAsync("other.db"));
        await BreakAsync();
        await using RunStoreClaim later = await TakeAsync("other.db");

        Assert.Contains($"not with {Path.Combine(_folder.FullName, "other.db")}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Durable__SqliteFile", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostWhoseClaimAnotherTook_EndsItself()
    {
        await using RunStoreClaim first = await TakeAsync("one.db");
        await BreakAsync();
        await using RunStoreClaim other = await TakeAsync("other.db");

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.IsType<HostStartException>(await _fault.Task.WaitAsync(Token));
    }

    private async Task<RunStoreClaim> TakeAsync(string file) =>
        await RunStoreClaim.TakeAsync(await ContainerAsync(), "app", Path.Combine(_folder.FullName, file), _fault, _time, Token);

    private async Task BreakAsync() =>
        await (await ContainerAsync())
            .GetBlobClient("run-store/app")
            .GetBlobLeaseClient()
            .BreakAsync(TimeSpan.Zero, cancellationToken: Token);

    private async Task<BlobContainerClient> ContainerAsync() => new((await servers.Azurite).Options.ConnectionString, _container);
}
