using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Backups;
using Xunit;

namespace Serverless.Unit.Local.Stack.Backups;

public sealed class BackupTests : IDisposable
{
    private static readonly Progress<string> NoProgress = new();

    private readonly string _root = Directory.CreateTempSubdirectory("backups-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_root, "data");

    private string Backup => Path.Combine(_root, "backup");

    private string Restored => Path.Combine(_root, "restored");

    public BackupTests()
    {
        Write("stack.json", """{"ports":{"functions":1,"blob":2,"queue":3,"table":4,"s3":5,"lambda":6},"durableProvider":"sqlite"}""");
        Write("keys.json", "{}");
        Write("azurite/__azurite_db_blob__.json", Azurite("""{"persistency":{"id":"e1","offset":2,"count":3}}"""));
        Write("azurite/__azurite_db_blob_extent__.json", Azurite("""{"id":"e1"},{"id":"unused"}"""));
        Write("azurite/__blobstorage__/e1", "..abc-not yet shown");
        Write("azurite/__blobstorage__/unused", "of blobs that were deleted");
        Write("azurite/__azurite_db_queue__.json", Azurite(""));
        Write("azurite/__azurite_db_queue_extent__.json", Azurite(""));
        Write(
            "s3/assets/journal.jsonl",
            Line("a", "f1", 5) + Line("b", "f2", 5) + Line("a", "f3", 3) + """{"key":"b"}""" + "\n" + """{"key":"torn","fi"""
        );
        Write("s3/assets/f3", "new");
        Write("s3/assets/f4", "of an upload that was not confirmed");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task ABackup_HoldsWhatIsReferredTo_AndNothingElse()
    {
        BackupManifest manifest = await MakeAsync();

        Assert.Equal(
            [
                "azurite/__azurite_db_blob__.json",
                "azurite/__azurite_db_blob_extent__.json",
                "azurite/__azurite_db_queue__.json",
                "azurite/__azurite_db_queue_extent__.json",
                "azurite/__blobstorage__/e1",
                "keys.json",
                "s3/assets/f3",
                "s3/assets/journal.jsonl",
            ],
            manifest.Files.Select(file => file.Path)
        );
        Assert.Equal("..abc", Read(Backup, "azurite/__blobstorage__/e1"));
        Assert.Equal(Line("a", "f3", 3), Read(Backup, "s3/assets/journal.jsonl"));
        Assert.Equal(manifest.Digest, BackupManifest.Read(Backup).Digest);
    }

    [Fact]
    public async Task ARestore_PutsBackWhatWasCopied()
    {
        BackupManifest manifest = await MakeAsync();

        string? aside = await RestoreAsync(manifest, Restored);

        Assert.Null(aside);
        Assert.Equal("new", Read(Restored, "s3/assets/f3"));
        Assert.Equal(["azurite", "keys.json", "s3", "stack.lock"], EntriesOf(Restored));
    }

    [Fact]
    public async Task ARestore_OverData_IsRefused_UnlessItIsSetAside()
    {
        BackupManifest manifest = await MakeAsync();
        Write("keys.json", "changed");

        StackException refused = await Assert.ThrowsAsync<StackException>(() => RestoreAsync(manifest, Data));
        string? aside = await RestoreAsync(manifest, Data, replace: true, BackupPart.Keys);

        Assert.Contains("is not empty: it has azurite, s3, keys.json", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("{}", "changed"), (Read(Data, "keys.json"), Read(aside!, "keys.json")));
        Assert.Equal("new", Read(Data, "s3/assets/f3"));
    }

    [Fact]
    public async Task ARestore_IntoAFolderInUse_IsRefused()
    {
        BackupManifest manifest = await MakeAsync();
        using DataFolderLock held = DataFolderLock.Take(Restored);

        StackException refused = await Assert.ThrowsAsync<StackException>(() => RestoreAsync(manifest, Restored));

        Assert.Contains("is used by another stack", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADamagedFile_IsNamed_AndNothingIsRestored()
    {
        BackupManifest manifest = await MakeAsync();
        await File.WriteAllTextAsync(Path.Combine(Backup, "s3/assets/f3"), "bad", Token);

        StackException refused = await Assert.ThrowsAsync<StackException>(() => RestoreAsync(manifest, Restored));

        Assert.Contains("is damaged: s3/assets/f3 has 3 bytes and the digest", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["stack.lock"], EntriesOf(Restored));
    }

    [Theory]
    [InlineData("\"format\": \"serverless-backup\"", "\"format\": \"tar\"", "is of the format 'tar'; expected is 'serverless-backup'")]
    [InlineData("\"version\": 2", "\"version\": 3", "is of version 3 of the format; this program reads 1 to 2")]
    [InlineData("\"version\": 2", "\"version\": 1.5", "is of version 1.5 of the format; this program reads 1 to 2")]
    [InlineData("\"version\": 2", "\"version\": 1", "is damaged: it has the digest")]
    [InlineData("\"started\": \"2", "\"started\": \"1", "is damaged: it has the digest")]
    [InlineData("\"asOf\": \"2", "\"asOf\": \"1", "is damaged: it has the digest")]
    [InlineData("\"parts\": [", "\"parts\": [null,", "is damaged: a file or part is null")]
    [InlineData("\"files\": [", "\"files\": [null,", "is damaged: a file or part is null")]
    [InlineData("s3/assets/f3", "s3/../../f3", "names 's3/../../f3', which is no file of a backup")]
    [InlineData("\"length\": 3", "\"length\": 4", "is damaged: it has the digest")]
    [InlineData("\"files\"", "\"others\"", "is damaged")]
    [InlineData("{", "", "is damaged")]
    public async Task AManifest_ThatIsForeignOrChanged_IsRefusedByName(string what, string instead, string expected)
    {
        await MakeAsync();
        string path = Path.Combine(Backup, BackupManifest.FileName);
        string manifest = await File.ReadAllTextAsync(path, Token);
        int at = manifest.IndexOf(what, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, manifest[..at] + instead + manifest[(at + what.Length)..], Token);

        StackException refused = Assert.Throws<StackException>(() => BackupManifest.Read(Backup));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABackup_InTheDataFolder_IsRefused()
    {
        StackException refused = await Assert.ThrowsAsync<StackException>(() =>
            StackBackup.MakeAsync(Data, Path.Combine(Data, "s3", "backup"), NoProgress, TimeProvider.System, Token)
        );

        Assert.Contains("is in the data folder", refused.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(Data, "s3", "backup")));
    }

    [Fact]
    public void AFolder_ThatIsNoBackup_IsRefusedByName()
    {
        StackException refused = Assert.Throws<StackException>(() => BackupManifest.Read(Data));

        Assert.Equal($"{Data} is no backup: it has no manifest.json.", refused.Message);
    }

    [Fact]
    public async Task AnExtent_ThatIsTooShort_EndsTheBackup_AndLeavesNothing()
    {
        Write("azurite/__blobstorage__/e1", "..ab");

        StackException refused = await Assert.ThrowsAsync<StackException>(MakeAsync);

        Assert.Contains("e1 has 4 bytes, expected 5", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["data"], EntriesOf(_root));
    }

    private Task<BackupManifest> MakeAsync() => StackBackup.MakeAsync(Data, Backup, NoProgress, TimeProvider.System, Token);

    private Task<string?> RestoreAsync(BackupManifest manifest, string data, bool replace = false, params BackupPart[] parts) =>
        StackRestore.RunAsync(manifest, Backup, data, parts.Length == 0 ? null : parts, replace, NoProgress, TimeProvider.System, Token);

    private void Write(string name, string content)
    {
        string path = Path.Combine(Data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private static string Read(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static string[] EntriesOf(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    private static string Azurite(string documents) => $$"""{"collections":[{"name":"$SOME_COLLECTION$","data":[{{documents}}]}]}""";

    private static string Line(string key, string file, int size) =>
        JsonSerializer.Serialize(
            new
            {
                key,
                file,
                size,
                etag = "e",
            }
        ) + "\n";
}
