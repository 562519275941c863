using Microsoft.Extensions.Time.Testing;
using Serverless.Inference;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class PackageCacheTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fetch_GivesTheFilesThatWereRegistered()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync("entities");

        string[] folders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rig.Packages.FetchAsync(manifest.Id, Token)));

        ModelPackage package = ModelPackage.Load(Assert.Single(folders.Distinct()), ModelLimits.Default);
        Assert.Equal(new ModelReference(rig.Name, "1", TestModels.Load("entities").Digest), package.Reference);
    }

    /// <summary>Two processes that fetch a version at once: the second must not delete what the first has begun to open.</summary>
    [Fact]
    public void Scratch_TakesThePlaceOfNoFolder_UnlessThatIsDamaged()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("cache-");
        try
        {
            DirectoryInfo kept = root.CreateSubdirectory("kept");
            string first = Path.Combine(kept.FullName, "first");
            File.WriteAllText(first, "");
            using ScratchFolder scratch = new(Path.Combine(root.FullName, "scratch"));

            Assert.Throws<IOException>(() => scratch.MoveTo(kept.FullName));
            Assert.True(File.Exists(first));

            scratch.Replace(kept.FullName);
            Assert.Empty(kept.EnumerateFileSystemInfos());
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root.FullName, "scratch")));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Fetch_OfADamagedCopy_MendsIt()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync();
        string folder = await rig.Packages.FetchAsync(manifest.Id, Token);
        byte[] graph = await File.ReadAllBytesAsync(Path.Combine(folder, "model.onnx"), Token);
        graph[^1] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(folder, "model.onnx"), graph, Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "more.txt"), "not registered", Token);

        await rig.Packages.FetchAsync(manifest.Id, Token);

        Assert.Equal(manifest.Digest, ModelPackage.Load(folder, ModelLimits.Default).Digest);
    }

    [Theory]
    [InlineData("model.onnx", "has the SHA-256")]
    [InlineData("config.json", "has more than its")]
    [InlineData("manifest.json", "manifest.json of model")]
    public async Task Fetch_OfAChangedVersion_IsRefusedByName(string file, string message)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync();
        string path = RegistryLayout.Package(manifest.Id) + file;
        byte[] stored = (await rig.Store.ReadAsync(path, 1 << 20, Token))!.Data.ToArray();
        byte[] changed = file switch
        {
            "model.onnx" => [.. stored[..^1], (byte)(stored[^1] ^ 1)],
            "config.json" => [.. stored, (byte)' '],
            _ => System.Text.Encoding.UTF8.GetBytes(
                System.Text.Encoding.UTF8.GetString(stored).Replace(manifest.Files[0].Sha256, new string('0', 64), StringComparison.Ordinal)
            ),
        };
        using (MemoryStream body = new(changed))
        {
            await rig.Store.WriteAsync(path, body, WriteCondition.Always, "application/octet-stream", Token);
        }

        var error = await Assert.ThrowsAsync<RegistryException>(() => rig.Packages.FetchAsync(manifest.Id, Token));

        Assert.Equal(RegistryFault.Corrupt, error.Fault);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_OfAVersionThatIsNotThere_IsMissing()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        Assert.Equal(
            RegistryFault.Missing,
            (await Assert.ThrowsAsync<RegistryException>(() => rig.Packages.FetchAsync(new ModelVersion(rig.Name, 3), Token))).Fault
        );
    }

    [Fact]
    public async Task Fetch_WhereSpaceIsShort_RemovesTheLongestUnused_ButNotWhatWasJustHandedOut()
    {
        FakeTimeProvider time = new();
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, o => o.MaxCacheBytes = 1, time);
        ModelVersion first = (await rig.RegisterAsync("labels")).Id,
            second = (await rig.RegisterAsync("entities")).Id,
            third = (await rig.RegisterAsync("text-mean")).Id;

        string firstFolder = await rig.Packages.FetchAsync(first, Token);
        time.Advance(TimeSpan.FromHours(1));
        string secondFolder = await rig.Packages.FetchAsync(second, Token);
        await rig.Packages.FetchAsync(third, Token);

        Assert.False(Directory.Exists(firstFolder));
        Assert.True(Directory.Exists(secondFolder));
    }
}
