using Serverless.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry.Intake;

public sealed class StagedPackageTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("topics/", '/')]
    [InlineData("topics/", '\\')]
    [InlineData("", '\\')]
    public async Task Zips_OfAnyDesktop_HoldThePackageAlone(string folder, char separator)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        byte[] archive = TestArchives.Zip(
            new[] { "config.json", "onnx/model.onnx", "._config.json", ".DS_Store" }
                .Select(path => folder + path)
                .Append($"__MACOSX/{folder}._config.json")
                .Select(path => (path.Replace('/', separator), TestArchives.Text("{}")))
        );

        using StagedPackage package = await rig.Get<PackageIntake>().UnpackZipAsync(new MemoryStream(archive), rig.Name, Token);

        Assert.Equal(
            ["config.json", "onnx/model.onnx"],
            Directory
                .EnumerateFiles(package.Folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(package.Folder, file))
                .Order(StringComparer.Ordinal)
        );
    }
}
