using Serverless.Local.Stack.Models;

namespace Serverless.Local.Stack.Backups;

/// <summary>A backup of one deployment, or of the registry that several share.</summary>
/// <param name="Name">The environment, "registry", or "" for the one that serves all environments.</param>
/// <param name="Folder">Of the backup.</param>
/// <param name="Data">The folder that it is of.</param>
public sealed record PlacedBackup(string Name, string Folder, string Data, BackupManifest Manifest);

/// <summary>
/// Backups of all that a data folder has: the deployment that serves all environments, and those that <c>--environments separate</c>
/// starts, each in a folder with its name, with the registry between them.
/// </summary>
public static class DataBackup
{
    private static string Registry => BackupPart.Registry.Name;

    /// <summary>
    /// The registry last: what an environment's copy names was published before, so that the registry's has it.
    /// </summary>
    /// <exception cref="StackException"/>
    public static async Task<IReadOnlyList<PlacedBackup>> MakeAsync(
        string data,
        string target,
        IProgress<string> progress,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        string[] separate = [.. SampleModels.Environments.Where(environment => StackFacts.AreIn(Path.Combine(data, environment)))];
        if (separate.Length == 0)
        {
            return [new("", target, data, await StackBackup.MakeAsync(data, target, progress, time, cancellationToken))];
        }
        string[] names = StackFacts.AreIn(data) ? ["", .. separate] : separate;
        StackBackup.CheckTarget(data, target);
        return await StackBackup.FinishAsync<IReadOnlyList<PlacedBackup>>(target, async folder =>
        {
            List<PlacedBackup> made = [];
            foreach (string name in names)
            {
                string from = Path.Combine(data, name);
                string to = Path.Combine(folder, name.Length == 0 ? "shared" : name);
                BackupManifest manifest = await StackBackup.MakeAsync(from, to, progress, time, cancellationToken);
                made.Add(new(name, Path.Combine(target, Path.GetFileName(to)), from, manifest));
            }
            BackupManifest registry = await StackBackup.WriteRegistryAsync(
                data,
                Path.Combine(folder, Registry),
                FindRunning(data) is not null,
                progress,
                time,
                cancellationToken
            );
            return [.. made, new PlacedBackup(Registry, Path.Combine(target, Registry), data, registry)];
        });
    }

    /// <summary>What lies in the folder of a backup, and where in a data folder each belongs.</summary>
    /// <exception cref="StackException">It is none.</exception>
    public static IReadOnlyList<PlacedBackup> FindIn(string backup, string data)
    {
        PlacedBackup[] found =
        [
            .. new[] { (Name: "", Folder: "shared") }
                .Concat(SampleModels.Environments.Append(Registry).Select(name => (Name: name, Folder: name)))
                .Where(place => File.Exists(Path.Combine(backup, place.Folder, BackupManifest.FileName)))
                .Select(place => new PlacedBackup(
                    place.Name,
                    Path.Combine(backup, place.Folder),
                    place.Name == Registry ? data : Path.Combine(data, place.Name),
                    BackupManifest.Read(Path.Combine(backup, place.Folder))
                )),
        ];
        return found.Length > 0 ? found : [new("", backup, data, BackupManifest.Read(backup))];
    }

    /// <summary>Of the separate environments one that is at work; null where all are stopped.</summary>
    internal static string? FindRunning(string data)
    {
        foreach (string environment in SampleModels.Environments.Where(name => Directory.Exists(Path.Combine(data, name))))
        {
            using DataFolderLock? hold = DataFolderLock.TryTake(Path.Combine(data, environment));
            if (hold is null)
            {
                return environment;
            }
        }
        return null;
    }
}
