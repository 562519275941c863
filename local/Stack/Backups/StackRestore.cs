using System.Globalization;

namespace Serverless.Local.Stack.Backups;

/// <summary>Puts a backup, or parts of it, into the data folder of a stack that is stopped.</summary>
public static class StackRestore
{
    private const string Staging = "restoring";

    /// <summary>
    /// Every file is compared with its digest before anything in the data folder changes, and again as it is copied. What the parts and
    /// what is derived from them take the place of is refused, or with <paramref name="replace"/> set aside.
    /// </summary>
    /// <param name="parts">Null for all that the backup has.</param>
    /// <returns>The folder with what was set aside; null where nothing was.</returns>
    /// <exception cref="StackException"/>
    public static async Task<string?> RunAsync(
        BackupManifest manifest,
        string backup,
        string data,
        IReadOnlyList<BackupPart>? parts,
        bool replace,
        IProgress<string> progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        parts = [.. (parts ?? BackupPart.All).Where(part => manifest.Parts.Any(held => held.Name == part.Name))];
        using DataFolderLock hold = DataFolderLock.Take(data);
        if (parts.Contains(BackupPart.Registry) && DataBackup.FindRunning(data) is { } running)
        {
            throw new StackException($"The registry in {data} is used by {running}, which is at work. Stop it first.");
        }
        IReadOnlyList<string> derived = parts.Contains(BackupPart.Registry) ? [] : BackupPart.Derived; // nothing is of a registry
        string[] inTheWay =
        [
            .. parts.SelectMany(part => part.Entries).Concat(derived).Where(entry => Path.Exists(Path.Combine(data, entry))),
        ];
        if (inTheWay.Length > 0 && !replace)
        {
            throw new StackException(
                $"The data folder {data} is not empty: it has {string.Join(", ", inTheWay)}. Choose an empty one (--data), or set those "
                    + "aside with --replace."
            );
        }
        BackupFile[] files = [.. manifest.Files.Where(file => parts.Any(part => part.Has(file.Path)))];
        await VerifyAsync(files, backup, progress, cancellationToken);
        try
        {
            string staging = await StageAsync(files, backup, Path.Combine(data, Staging), progress, cancellationToken);
            string? aside = SetAside(inTheWay, data, time);
            foreach (string entry in Directory.GetFileSystemEntries(staging))
            {
                Directory.Move(entry, Path.Combine(data, Path.GetFileName(entry)));
            }
            Directory.Delete(staging);
            return aside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"The backup cannot be restored: {e.Message}");
        }
    }

    /// <exception cref="StackException">A file is missing, or is not what the manifest says.</exception>
    public static async Task VerifyAsync(
        IReadOnlyList<BackupFile> files,
        string backup,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        for (int i = 0; i < files.Count; i++)
        {
            progress.Report($"verified {i} of {files.Count} files");
            Check(await FoundAsync(files[i], backup, cancellationToken), files[i], backup);
        }
    }

    private static async Task<BackupFile> FoundAsync(BackupFile file, string backup, CancellationToken cancellationToken)
    {
        try
        {
            return await BackupWriter.DescribeAsync(Path.Combine(backup, file.Path), file.Path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"The backup {backup} is damaged: {file.Path} cannot be read: {e.Message}");
        }
    }

    private static void Check(BackupFile found, BackupFile expected, string backup)
    {
        if (found != expected)
        {
            throw new StackException(
                $"The backup {backup} is damaged: {expected.Path} has {found.Length} bytes and the digest {found.Sha256}; expected are "
                    + $"{expected.Length} and {expected.Sha256}."
            );
        }
    }

    /// <summary>Beside their places, so that a restore that is broken off leaves nothing half there.</summary>
    private static async Task<string> StageAsync(
        BackupFile[] files,
        string backup,
        string staging,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        DataFolder.DeleteIfThere(staging);
        DataFolder.Create(staging);
        for (int i = 0; i < files.Length; i++)
        {
            progress.Report($"copied {i} of {files.Length} files");
            string from = Path.Combine(backup, files[i].Path);
            BackupFile copied = await BackupWriter.CopyAsync(
                from,
                Path.Combine(staging, files[i].Path),
                files[i].Path,
                most: null,
                cancellationToken
            );
            Check(copied, files[i], backup);
        }
        return staging;
    }

    private static string? SetAside(string[] entries, string data, TimeProvider time)
    {
        if (entries.Length == 0)
        {
            return null;
        }
        string name = string.Create(CultureInfo.InvariantCulture, $"replaced-{time.GetUtcNow():yyyyMMdd-HHmmssfff}");
        string aside = Path.Combine(data, name);
        DataFolder.Create(aside);
        foreach (string entry in entries)
        {
            Directory.Move(Path.Combine(data, entry), Path.Combine(aside, entry));
        }
        return aside;
    }
}
