using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class ModelReportsTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reports_StandBesideThePackage_WhichStaysAsItIs()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelReports reports = rig.Get<ModelReports>();
        ModelManifest manifest = await rig.RegisterAsync();
        MeasuredLatency latency = new(1, 2, 3, "this host", DateTimeOffset.UnixEpoch);

        using (Stream report = BinaryData.FromString("<p>fine</p>").ToStream())
        {
            await reports.WriteAsync(manifest.Id, "validation/one.html", report, "text/html", Token);
        }
        await reports.WriteLatencyAsync(manifest.Id, latency, Token);

        Assert.Equal(["latency.json", "validation/one.html"], (await reports.ListAsync(manifest.Id, Token)).Select(r => r.Name));
        Assert.Equal(latency, await reports.FindLatencyAsync(manifest.Id, Token));
        using StreamReader stored = new((await reports.OpenAsync(manifest.Id, "validation/one.html", Token))!.Value.Content);
        Assert.Equal("<p>fine</p>", await stored.ReadToEndAsync(Token));
        Assert.Null(await reports.OpenAsync(manifest.Id, "other", Token));
        Assert.Equal(manifest.Digest, (await rig.Registry.FindAsync(manifest.Id, Token))!.Digest);
    }

    [Theory]
    [InlineData("../manifest.json")]
    [InlineData("/a")]
    [InlineData("")]
    public async Task ANameThatLeavesTheFolder_IsRefused(string name)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync();

        Assert.Equal(
            RegistryFault.Invalid,
            (await Assert.ThrowsAsync<RegistryException>(() => rig.Get<ModelReports>().OpenAsync(manifest.Id, name, Token))).Fault
        );
    }
}
