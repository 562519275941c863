using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Serving;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Serving;

/// <summary>Of versions that were registered before first loads were tried.</summary>
public sealed class TriedPackagesTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fetch_OfAVersionWithoutReport_TriesItOnce()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync();
        List<(string Folder, ModelReference Reference)> tried = [];
        FirstLoadReport report = new(12, 34 << 20, "CPU", DateTimeOffset.UnixEpoch);
        TriedPackages packages = Packages(rig, (folder, reference, _, _) =>
        {
            tried.Add((folder, reference));
            return Task.FromResult(report);
        });

        string first = await packages.FetchAsync(manifest.Id, Token);
        string second = await packages.FetchAsync(manifest.Id, Token);

        Assert.Equal(first, second);
        Assert.Equal([(first, new ModelReference(rig.Name, "1", manifest.Digest))], tried);
        Assert.Equal(report, await rig.Get<FirstLoadReports>().FindAsync(manifest.Id, Token));
    }

    [Fact]
    public async Task Fetch_OfWhatDoesNotLoad_IsRefused_AndTriedAgainTheNextTime()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync();
        int tries = 0;
        TriedPackages packages = Packages(rig, (_, _, _, _) => throw new ModelRejectedException($"No. {++tries}"));

        await Assert.ThrowsAsync<ModelRejectedException>(() => packages.FetchAsync(manifest.Id, Token));
        var error = await Assert.ThrowsAsync<ModelRejectedException>(() => packages.FetchAsync(manifest.Id, Token));

        Assert.Equal("No. 2", error.Message);
        Assert.Null(await rig.Get<FirstLoadReports>().FindAsync(manifest.Id, Token));
    }

    private static TriedPackages Packages(RegistryRig rig, LoadTrial trial) =>
        new(rig.Registry, rig.Packages, rig.Get<FirstLoadReports>(), trial, new ServingOptions());
}
