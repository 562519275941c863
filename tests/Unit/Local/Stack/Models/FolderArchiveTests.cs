using System.Formats.Tar;
using System.IO.Compression;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Unit.Packages;
using Xunit;

namespace Serverless.Unit.Local.Stack.Models;

public sealed class FolderArchiveTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("snapshot-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Delete(recursive: true);

    /// <summary>As in a cache of Hugging Face: every file of a snapshot is a link to a blob.</summary>
    [Fact]
    public async Task Links_AreSentAsTheFilesTheyLeadTo()
    {
        string snapshot = Link("../../../blobs/b1");
        await File.WriteAllTextAsync(Path.Combine(_root.CreateSubdirectory("blobs").FullName, "b1"), "weights", Token);

        using MemoryStream sent = new(await new FolderArchive(snapshot).ReadAsByteArrayAsync(Token));
        using GZipStream unpacked = new(sent, CompressionMode.Decompress);
        using TarReader tar = new(unpacked);
        TarEntry entry = tar.GetNextEntry()!;

        Assert.Equal(("onnx/model.onnx", TarEntryType.RegularFile), (entry.Name, entry.EntryType));
        Assert.Equal("weights", await new StreamReader(entry.DataStream!).ReadToEndAsync(Token));
        Assert.Equal(7, FolderArchive.TotalBytes(snapshot));
    }

    [Fact]
    public void AFolderWithoutFiles_IsNamed()
    {
        _root.CreateSubdirectory("onnx");

        var error = Assert.Throws<StackException>(() => ModelSource.Open(_root.FullName, new ModelFacts("me")));

        Assert.Equal($"The folder '{_root.FullName}' has no files; expected are those of a package.", error.Message);
    }

    [Fact]
    public void ALinkToNothing_IsNamed()
    {
        string snapshot = Link("../../../blobs/gone");

        var error = Assert.Throws<StackException>(() => FolderArchive.TotalBytes(snapshot));

        Assert.Contains("is a link to '../../../blobs/gone', where no file is", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task ALinkToElsewhere_IsRefused(bool inACache)
    {
        DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("secrets-");
        string secret = Path.Combine(elsewhere.FullName, "key");
        await File.WriteAllTextAsync(secret, "key", Token);
        if (inACache)
        {
            _root.CreateSubdirectory("blobs");
        }
        string snapshot = Link(secret);

        var error = Assert.Throws<StackException>(() => FolderArchive.TotalBytes(snapshot));
        elsewhere.Delete(recursive: true);

        Assert.Contains("outside the model's folder", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the folder holds that it leads to.</summary>
    [Fact]
    public void ALinkToAFolder_IsNamed()
    {
        string snapshot = Link("../../../blobs");
        _root.CreateSubdirectory("blobs");

        var error = Assert.Throws<StackException>(() => FolderArchive.TotalBytes(snapshot));

        Assert.Contains("where no file is", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever opens a pipe waits for who writes into it; a device may have no end.</summary>
    [Fact]
    public void WhatIsNoFile_IsNamed_AndNotOpened()
    {
        string pipe = OddFiles.MakePipe(_root.CreateSubdirectory("onnx"), "model.onnx");

        var error = Assert.Throws<StackException>(() => FolderArchive.TotalBytes(_root.FullName));

        Assert.Equal($"'{pipe}' is a named pipe; expected are plain files and folders.", error.Message);
    }

    [Fact]
    public void AnArchiveThatIsNoFile_IsNamed_AndNotOpened()
    {
        string pipe = OddFiles.MakePipe(_root, "model.zip");

        var error = Assert.Throws<StackException>(() => ModelSource.Open(pipe, new ModelFacts("me")));

        Assert.StartsWith($"'{pipe}' is a named pipe. FROM is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALinkToADevice_IsNamed()
    {
        string snapshot = Link("/dev/zero");

        var error = Assert.Throws<StackException>(() => FolderArchive.TotalBytes(snapshot));

        Assert.Contains("is a character device", error.Message, StringComparison.Ordinal);
    }

    private string Link(string target)
    {
        string snapshot = _root.CreateSubdirectory("snapshots/abc/onnx").Parent!.FullName;
        File.CreateSymbolicLink(Path.Combine(snapshot, "onnx/model.onnx"), target);
        return snapshot;
    }
}
