using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;
using static Serverless.Unit.Registry.Intake.TestArchives;

namespace Serverless.Unit.Functions.Azure.Models;

public sealed class RegisterModelFunctionTests(SharedServers servers)
{
    private const string Zipped = "application/zip";
    private const string Tarred = "application/gzip";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Archives_AndAFolderOfTheStore_RegisterTheSamePackageOnce()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelsApi api = new(rig);
        var files = FilesOf("labels").ToList();
        foreach ((string path, byte[] bytes) in files)
        {
            using (MemoryStream content = new(bytes))
            {
                await rig.Store.WriteAsync($"uploads/{rig.Name}/{path}", content, WriteCondition.Always, "application/octet-stream", Token);
            }
        }

        var zip = await api.RegisterAsync(Zip(files), Zipped, "?licence=MIT&metric.accuracy=0.9&codeCommit=abc");
        var tar = await api.RegisterAsync(Tar(files.Select(f => ("./wrapped/" + f.Path, f.Bytes))), Tarred);
        var folder = await ModelsApi.AnswerAsync(
            api.Register.RunAsync(ModelsApi.Json($$"""{"from":"uploads/{{rig.Name}}"}"""), rig.Name, Token)
        );

        Assert.Equal((201, 200, 200), (zip.Status, tar.Status, folder.Status));
        Assert.Equal(zip.Body.GetRawText(), tar.Body.GetRawText());
        Assert.Equal(TestModels.Load("labels").Digest, zip.Body.GetProperty("digest").GetString());
        Assert.Equal(
            (0.9, "abc", "MIT"),
            (
                zip.Body.GetProperty("metrics").GetProperty("accuracy").GetDouble(),
                zip.Body.GetProperty("lineage").GetProperty("codeCommit").GetString(),
                zip.Body.GetProperty("licence").GetString()
            )
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Cache, "scratch")));
        WorkItem told = Assert.Single(await rig.Told.ReceiveAsync(10, TimeSpan.FromMinutes(1), Token));
        Assert.Contains($"\"type\":\"model.registered\",\"subject\":\"{rig.Name}/1\"", told.Body.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, byte[], string> Hostile() =>
        new()
        {
            { "path traversal in a zip", Zipped, Zip([("../outside.txt", [1])]), "../outside.txt: found a path that leaves the package" },
            {
                "path traversal in a tar",
                Tarred,
                Tar([("a/../../outside.txt", [1])]),
                "a/../../outside.txt: found a path that leaves the package"
            },
            { "an absolute path", Zipped, Zip([("/etc/cron.d/x", [1])]), "found an absolute path" },
            { "a backslash", Zipped, Zip([(@"..\outside.txt", [1])]), "../outside.txt: found a path that leaves the package" },
            {
                "a link in a zip",
                Zipped,
                Zip([("link", Text("/etc/passwd"))], e => e.ExternalAttributes = unchecked((int)0xA1FF0000)),
                "link: found a link"
            },
            {
                "a device in a zip",
                Zipped,
                Zip([("null", [])], e => e.ExternalAttributes = 0x21FF0000),
                "null: found an entry of the kind 2"
            },
            {
                "a symbolic link in a tar",
                Tarred,
                Tar(new PaxTarEntry(TarEntryType.SymbolicLink, "model.onnx") { LinkName = "/etc/passwd" }),
                "model.onnx: found a link to '/etc/passwd'"
            },
            {
                "a hard link in a tar",
                Tarred,
                Tar(new PaxTarEntry(TarEntryType.HardLink, "model.onnx") { LinkName = "config.json" }),
                "found a link to 'config.json'"
            },
            {
                "a device in a tar",
                Tarred,
                Tar(new PaxTarEntry(TarEntryType.CharacterDevice, "null")),
                "found an entry of the kind CharacterDevice"
            },
            {
                "two files of one name",
                Zipped,
                Zip([("config.json", [1]), ("./config.json", [2])]),
                "config.json: found two files of this name"
            },
            { "a file that is also a folder", Tarred, Tar([("a", [1]), ("a/b", [2])]), "a/b: found a file where a folder of that name is" },
            { "a bomb in a tar", Tarred, Tar([("zeros", new byte[40 << 20])]), "at most 100 times as many when unpacked" },
            { "a bomb in a zip", Zipped, Zip([("zeros", new byte[40 << 20])]), "at most 100 times as many when unpacked" },
            { "too many entries", Tarred, Tar(Enumerable.Range(0, 41).Select(i => ($"f{i}", new byte[1]))), "found more than 10 files" },
            {
                "a directory longer than its files",
                Zipped,
                Zip(Enumerable.Range(0, 1_200).Select(i => (new string('d', 200) + i, Array.Empty<byte>()))),
                "found a directory of"
            },
            { "no archive at all", Zipped, Text("this is no archive"), "the archive: found a broken one" },
            { "half a tar", Tarred, Tar(FilesOf("labels"))[..2_000], "the archive: found a broken one" },
            { "tar without gzip", Tarred, Text("plain"), "the archive: found a broken one" },
            { "no model inside", Zipped, Zip([("config.json", Text("{}"))]), "model.onnx and onnx/model.onnx: found neither" },
            {
                "a file that its own manifest does not list",
                Zipped,
                Zip([.. FilesOf("labels"), ("manifest.json", Text("""{"files":[]}"""))]),
                "found a file that manifest.json does not list"
            },
            {
                "a name of ours",
                Zipped,
                Zip([.. FilesOf("labels"), ("reports/a.json", Text("{}"))]),
                "reports/a.json: found a file in a folder of the registry's own"
            },
        };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public async Task HostileArchives_AreRefusedByName_AndLeaveNothing(string what, string type, byte[] archive, string message)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, o =>
            o.Limits = new ModelLimits { MaxFiles = 10, MaxPackageBytes = 64 << 20 }
        );

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() => new ModelsApi(rig).RegisterAsync(archive, type));

        Assert.True(error.Message.Contains(message, StringComparison.Ordinal), $"{what}: {error.Message}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Cache, "scratch")));
        Assert.Empty((await rig.Registry.ListAsync(rig.Name, Token)).Items);
        Assert.False(File.Exists(Path.Combine(rig.Cache, "outside.txt")));
    }

    [Fact]
    public async Task APackageOverTheLimit_IsRefusedWhileItUnpacks()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, o => o.Limits = new ModelLimits { MaxPackageBytes = 100_000 });
        byte[] noise = new byte[90_000];
        new Random(3).NextBytes(noise);

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() =>
            new ModelsApi(rig).RegisterAsync(Tar([("a", noise), ("b", new byte[20_000])]), Tarred)
        );

        Assert.Contains("b: found more than 100000 bytes with this file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MorePackagesThanAreTakenInAtOnce_WaitTheirTurn()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, o => o.MaxIntakes = 1);
        PackageIntake intake = rig.Get<PackageIntake>();
        byte[] archive = Tar(FilesOf("labels"));
        StagedPackage first = await intake.UnpackTarAsync(new MemoryStream(archive), rig.Name, Token);

        Task<StagedPackage> second = intake.UnpackTarAsync(new MemoryStream(archive), rig.Name, Token);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
    }

    /// <summary>A header that announces a text of 100 MB: room is not made for what is not there.</summary>
    [Fact]
    public async Task ALyingHeader_IsRefused()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        byte[] header = new byte[512];
        void Put(int at, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(at));
        Put(0, "pax");
        Put(100, "0000644\0");
        Put(108, "0000000\0");
        Put(116, "0000000\0");
        Put(124, "00575360400\0");
        Put(136, "00000000000\0");
        Put(148, "        ");
        Put(156, "x");
        Put(257, "ustar\000");
        Put(148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0 ");
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write([.. header, .. new byte[2048]]);
        }

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() => new ModelsApi(rig).RegisterAsync(bytes.ToArray(), Tarred));

        Assert.Contains("found a header of 100000000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData(null, 415)]
    public async Task OtherContent_IsUnsupported(string? type, int status)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        Assert.Equal(status, (await Assert.ThrowsAsync<RequestProblem>(() => new ModelsApi(rig).RegisterAsync([1], type!))).Status);
    }

    [Fact]
    public async Task AFolderWithoutFiles_IsRefused()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() =>
            new ModelsApi(rig).Register.RunAsync(ModelsApi.Json("""{"from":"uploads/nowhere"}"""), rig.Name, Token)
        );

        Assert.Contains("uploads/nowhere/ in store 'azure': found nothing", error.Message, StringComparison.Ordinal);
    }
}
