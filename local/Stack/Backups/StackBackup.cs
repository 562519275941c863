using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;

namespace Serverless.Local.Stack.Backups;

/// <summary>
/// Copies what a stack keeps, running or stopped. The order makes the copy one that the system could have come to by itself: the run store
/// first, since one that is behind its objects is what a host leaves that was killed between an activity's effect and its record, and every
/// activity may be repeated; then the queues and blobs, so that a job of a run that was copied is still in its queue or has its effect;
/// the buckets last, since the reconcile puts into the index, which is among the blobs, what a ledger knows and the index does not.
/// </summary>
public static class StackBackup
{
    private const string Unfinished = ".unfinished";

    /// <param name="target">A folder that does not exist; it appears once the backup is whole.</param>
    /// <exception cref="StackException"/>
    public static async Task<BackupManifest> MakeAsync(
        string data,
        string target,
        IProgress<string> progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        StackFacts facts = StackFacts.Read(data);
        CheckTarget(data, target);
        using DataFolderLock? hold = DataFolderLock.TryTake(data);
        bool runs = hold is null;
        if (runs && facts.DurableProvider != DurableProviders.Sqlite)
        {
            throw new StackException(
                "Orchestrations on Azurite are kept in tables and queues, of which there is no copy as of one moment while they work. "
                    + "Stop the stack first, or keep them in SQLite."
            );
        }
        return await FinishAsync(target, folder => CopyAsync(data, folder, facts, runs, progress, time, cancellationToken));
    }

    /// <exception cref="StackException">The backup cannot lie there.</exception>
    internal static void CheckTarget(string data, string target)
    {
        if (Path.Exists(target))
        {
            throw new StackException($"{target} is there already; a backup needs a folder of its own.");
        }
        if (target.StartsWith(Path.TrimEndingDirectorySeparator(data) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new StackException($"{target} is in the data folder {data}, and would be lost with it; a backup needs another place.");
        }
    }

    /// <summary>Made beside its place, where it appears once it is whole.</summary>
    internal static async Task<T> FinishAsync<T>(string target, Func<string, Task<T>> make)
    {
        string folder = target + Unfinished;
        try
        {
            DataFolder.DeleteIfThere(folder);
            DataFolder.Create(folder);
            T made = await make(folder);
            Directory.Move(folder, target);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DataFolder.DeleteIfThere(folder);
            throw new StackException($"The backup cannot be made: {e.Message}");
        }
        catch
        {
            DataFolder.DeleteIfThere(folder);
            throw;
        }
    }

    /// <summary>Of the registry that separate environments share.</summary>
    /// <param name="data">The folder that has those of the environments.</param>
    /// <param name="runs">Whether one of them works, and the registry with them.</param>
    internal static async Task<BackupManifest> WriteRegistryAsync(
        string data,
        string folder,
        bool runs,
        IProgress<string> progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        DataFolder.Create(folder);
        DateTimeOffset started = time.GetUtcNow();
        BackupWriter writer = new(folder, progress);
        string place = Path.Combine(data, BackupPart.Registry.Name);
        string? connection = runs ? RegistryServer.ReadConnection(place) : null;
        string mark = RandomNumberGenerator.GetHexString(32);
        string held = await AzuriteCopy.WriteRegistryAsync(data, connection, mark, writer, time, cancellationToken);
        return Seal(folder, started, "none", [new BackupPartTime(BackupPart.Registry.Name, started, held)], writer, time);
    }

    private static async Task<BackupManifest> CopyAsync(
        string data,
        string folder,
        StackFacts facts,
        bool runs,
        IProgress<string> progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset started = time.GetUtcNow();
        BackupWriter writer = new(folder, progress);
        List<BackupPartTime> parts = [];
        async Task TakeAsync(BackupPart part, Func<Task<string>> copy)
        {
            DateTimeOffset asOf = time.GetUtcNow();
            parts.Add(new BackupPartTime(part.Name, asOf, await copy()));
        }

        await TakeAsync(BackupPart.Runs, () => CopyRunsAsync(data, writer, cancellationToken));
        string? connection = runs ? LocalStack.ConnectionStringOf(new StackOptions { DataDirectory = data, Ports = facts.Ports }) : null;
        string mark = RandomNumberGenerator.GetHexString(32);
        await TakeAsync(BackupPart.Azurite, () => AzuriteCopy.WriteAsync(data, connection, mark, writer, time, cancellationToken));
        await TakeAsync(BackupPart.S3, () => S3Copy.WriteAsync(data, writer, cancellationToken));
        await TakeAsync(BackupPart.Keys, () => CopyFilesAsync(data, BackupPart.Keys.Entries, writer, cancellationToken));
        return Seal(folder, started, facts.DurableProvider, parts, writer, time);
    }

    private static BackupManifest Seal(
        string folder,
        DateTimeOffset started,
        string durableProvider,
        IReadOnlyList<BackupPartTime> parts,
        BackupWriter writer,
        TimeProvider time
    )
    {
        BackupManifest manifest = new BackupManifest(
            BackupManifest.FormatName,
            BackupManifest.FormatVersion,
            started,
            time.GetUtcNow(),
            VersionOfApp(),
            VersionOfAzurite(),
            durableProvider,
            parts,
            writer.Files,
            Digest: ""
        ).Sealed();
        manifest.Write(folder);
        return manifest;
    }

    private static async Task<string> CopyRunsAsync(string data, BackupWriter writer, CancellationToken cancellationToken)
    {
        string database = BackupPart.RunsIn(data);
        if (!File.Exists(database))
        {
            return "none of their own";
        }
        string name = Path.GetFileName(database);
        await Task.Run(() => RunStoreCopy.Write(database, writer.PathOf(name)), cancellationToken);
        await writer.AddAsync(name, cancellationToken);
        await CopyFilesAsync(data, BackupPart.Runs.Entries.Skip(1), writer, cancellationToken);
        return "the run store";
    }

    private static async Task<string> CopyFilesAsync(
        string data,
        IEnumerable<string> names,
        BackupWriter writer,
        CancellationToken cancellationToken
    )
    {
        string[] there = [.. names.Where(name => File.Exists(Path.Combine(data, name)))];
        foreach (string name in there)
        {
            await writer.CopyAsync(Path.Combine(data, name), name, null, cancellationToken);
        }
        return string.Join(", ", there);
    }

    private static string VersionOfApp() =>
        typeof(StackBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string VersionOfAzurite()
    {
        byte[] package = File.ReadAllBytes(Path.Combine(Checkout.Root, "node_modules", "azurite", "package.json"));
        using JsonDocument json = JsonDocument.Parse(package);
        return json.RootElement.GetProperty("version").GetString()!;
    }
}
