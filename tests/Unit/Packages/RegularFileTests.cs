using System.Net.Sockets;
using System.Security.Cryptography;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Backups;
using Serverless.Local.Stack.Load;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures.Signing;
using Xunit;

namespace Serverless.Unit.Packages;

public sealed class RegularFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("odd-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FindOther_NamesWhatIsNoFile()
    {
        string file = Path.Combine(_folder.FullName, "file"),
            socket = Path.Combine(_folder.FullName, "socket");
        await File.WriteAllTextAsync(file, "text", Token);
        using Socket listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(new UnixDomainSocketEndPoint(socket));

        Assert.Equal(
            [null, null, null, "a named pipe", "a socket", "a character device"],
            new[] { file, _folder.FullName, file + "-not", OddFiles.MakePipe(_folder, "pipe"), socket, "/dev/null" }.Select(
                RegularFile.FindOther
            )
        );
    }

    [Fact]
    public async Task Sign_OfAFolderWithAPipe_IsRefused()
    {
        OddFiles.MakePipe(_folder, "config.json");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var refused = await Assert.ThrowsAsync<ModelRejectedException>(() => PackageSigner.SignAsync(_folder.FullName, key, [], Token));

        Assert.Contains("config.json: found a named pipe; expected plain files and folders", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFolderWithAPipe_NamesIt()
    {
        OddFiles.MakePipe(_folder, "model.onnx");
        ModelManifest manifest = new()
        {
            Name = "odd",
            Version = 1,
            Digest = "sha256:0",
            Task = ModelTask.Tensors,
            Files = [new ManifestFile("model.onnx", 0, "0")],
            Inputs = [],
            Outputs = [],
            Opsets = new Dictionary<string, long>(),
            Processing = new ModelProcessing(),
            RegisteredBy = "tests",
            RegisteredAt = DateTimeOffset.UnixEpoch,
        };

        Assert.Equal("model.onnx is a named pipe.", await PackageCheck.FindFaultAsync(_folder.FullName, manifest, Token));
    }

    [Fact]
    public async Task FilesOfTheCommandLine_AndOfBackups_AreNoPipes()
    {
        string pipe = OddFiles.MakePipe(_folder, "golden.jsonl");
        string expected = $"{pipe} is a named pipe; expected is a file.";

        StackException given = Assert.Throws<StackException>(() => LoadFiles.Demand(pipe, 100));
        StackException kept = await Assert.ThrowsAsync<StackException>(() => BackupWriter.DescribeAsync(pipe, "golden.jsonl", Token));

        Assert.Equal((expected, expected), (given.Message, kept.Message));
    }
}
