using Serverless.Local.Stack;
using Serverless.Local.Stack.Backups;
using Xunit;

namespace Serverless.Unit.Local.Stack.Backups;

/// <summary>Backups of dev, qa and prod where each is a deployment of its own, and of the registry between them.</summary>
public sealed class DataBackupTests : IDisposable
{
    private static readonly Progress<string> NoProgress = new();

    private readonly string _root = Directory.CreateTempSubdirectory("backups-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_root, "data");

    private string Backup => Path.Combine(_root, "backup");

    public DataBackupTests()
    {
        foreach (string environment in new[] { "dev", "qa", "prod" })
        {
            WriteDeployment(environment);
        }
        WriteBlobs("registry", "version");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task SeparateEnvironments_AreAllBackedUp_WithTheRegistry_AndRestored()
    {
        IReadOnlyList<PlacedBackup> made = await MakeAsync();
        string restored = Path.Combine(_root, "restored");

        IReadOnlyList<PlacedBackup> found = DataBackup.FindIn(Backup, restored);
        foreach (PlacedBackup one in found)
        {
            await RestoreAsync(one);
        }

        Assert.Equal(["dev", "qa", "prod", "registry"], made.Select(one => one.Name));
        Assert.Equal(made.Select(one => (one.Name, one.Folder)), found.Select(one => (one.Name, one.Folder)));
        Assert.Equal("keys of prod", File.ReadAllText(Path.Combine(restored, "prod", "keys.json")));
        Assert.Equal("version", File.ReadAllText(Path.Combine(restored, "registry", "__blobstorage__", "e1")));
    }

    [Fact]
    public async Task OneOfThem_IsRestoredByItsName()
    {
        await MakeAsync();
        string prod = Path.Combine(_root, "prod-again");

        await RestoreAsync(Assert.Single(DataBackup.FindIn(Path.Combine(Backup, "prod"), prod)));

        Assert.Equal("keys of prod", File.ReadAllText(Path.Combine(prod, "keys.json")));
    }

    /// <summary>The folder was used by the one that serves all before.</summary>
    [Fact]
    public async Task TheOneThatServesAll_IsBackedUpBesideThem()
    {
        WriteDeployment("");

        IReadOnlyList<PlacedBackup> made = await MakeAsync();

        Assert.Equal(["", "dev", "qa", "prod", "registry"], made.Select(one => one.Name));
        Assert.Equal(Data, DataBackup.FindIn(Backup, Data)[0].Data.TrimEnd('/'));
    }

    [Fact]
    public async Task ARegistry_IsNotRestored_WhileAnEnvironmentIsAtWork()
    {
        await MakeAsync();
        using DataFolderLock held = DataFolderLock.Take(Path.Combine(Data, "qa"));

        StackException refused = await Assert.ThrowsAsync<StackException>(() => RestoreAsync(DataBackup.FindIn(Backup, Data)[^1]));

        Assert.Contains("is used by qa, which is at work", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneThatCannotBeCopied_LeavesNoBackup()
    {
        File.Delete(Path.Combine(Data, "registry", "__blobstorage__", "e1"));

        await Assert.ThrowsAsync<StackException>(MakeAsync);

        Assert.False(Path.Exists(Backup));
        Assert.Equal([Data], Directory.GetFileSystemEntries(_root));
    }

    private Task<IReadOnlyList<PlacedBackup>> MakeAsync() => DataBackup.MakeAsync(Data, Backup, NoProgress, TimeProvider.System, Token);

    private static Task<string?> RestoreAsync(PlacedBackup one) =>
        StackRestore.RunAsync(one.Manifest, one.Folder, one.Data, parts: null, replace: false, NoProgress, TimeProvider.System, Token);

    private void WriteDeployment(string name)
    {
        const string ports = """{"functions":1,"blob":2,"queue":3,"table":4,"s3":5,"lambda":6}""";
        Write(name, "stack.json", $$"""{"ports":{{ports}},"durableProvider":"sqlite"}""");
        Write(name, "keys.json", $"keys of {name}");
        Write(name, "s3/assets/journal.jsonl", "");
        WriteBlobs(Path.Combine(name, "azurite"), "abc");
        Write(name, "azurite/__azurite_db_queue__.json", Azurite(""));
        Write(name, "azurite/__azurite_db_queue_extent__.json", Azurite(""));
    }

    private void WriteBlobs(string folder, string content)
    {
        string reference = $$$"""{"persistency":{"id":"e1","offset":0,"count":{{{content.Length}}}}}""";
        Write(folder, "__azurite_db_blob__.json", Azurite(reference));
        Write(folder, "__azurite_db_blob_extent__.json", Azurite("""{"id":"e1"}"""));
        Write(folder, "__blobstorage__/e1", content);
    }

    private void Write(string folder, string name, string content)
    {
        string path = Path.Combine(Data, folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private static string Azurite(string documents) => $$"""{"collections":[{"name":"$SOME_COLLECTION$","data":[{{documents}}]}]}""";
}
