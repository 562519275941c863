using System.CommandLine;
using System.Globalization;
using Serverless.Local.Stack.Processes;
using Spectre.Console;

namespace Serverless.Local.Stack.Backups;

/// <summary><c>backup</c> and <c>restore</c>.</summary>
internal static class BackupCommands
{
    private static readonly Option<string?> To = new("--to")
    {
        Description = "Folder of the backup, which must not exist; default one named after the time below .backups",
    };
    private static readonly Option<string> From = new("--from") { Description = "Folder of the backup", Required = true };
    private static readonly Option<string[]> Part = new("--part")
    {
        Description = $"What to restore: {Names}; may be repeated, default all",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<bool> Replace = new("--replace") { Description = "Set aside what is in the data folder already" };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Only compare the backup with its digests" };

    private static string Names => string.Join(", ", BackupPart.All.Select(part => part.Name));

    public static Command CreateBackup(Option<string> data)
    {
        Command command = new("backup", "Copy what a stack keeps, while it runs") { data, To };
        command.SetAction(
            (parsed, cancellationToken) =>
                BackupAsync(
                    Path.GetFullPath(parsed.GetValue(data)!),
                    parsed.GetValue(To) is { Length: > 0 } to ? Path.GetFullPath(to) : null,
                    TimeProvider.System,
                    cancellationToken
                )
        );
        return command;
    }

    public static Command CreateRestore(Option<string> data)
    {
        Command command = new("restore", "Put a backup into the data folder of a stack that is stopped")
        {
            data,
            From,
            Part,
            Replace,
            Verify,
        };
        Part.AcceptOnlyFromAmong([.. BackupPart.All.Select(part => part.Name)]);
        command.SetAction(
            (parsed, cancellationToken) =>
                RestoreAsync(
                    parsed.GetValue(From) is { Length: > 0 } from
                        ? Path.GetFullPath(from)
                        : throw new StackException("FROM is needed, for instance: make restore FROM=.backups/20261201-120000"),
                    Path.GetFullPath(parsed.GetValue(data)!),
                    parsed.GetValue(Part) is { Length: > 0 } parts ? [.. BackupPart.All.Where(part => parts.Contains(part.Name))] : null,
                    parsed.GetValue(Replace),
                    parsed.GetValue(Verify),
                    TimeProvider.System,
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> BackupAsync(string data, string? to, TimeProvider time, CancellationToken cancellationToken)
    {
        to ??= Path.Combine(Checkout.Root, ".backups", time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        long started = time.GetTimestamp();
        IReadOnlyList<PlacedBackup> made = await WithProgressAsync($"Backing up {data}", progress =>
            DataBackup.MakeAsync(data, to, progress, time, cancellationToken)
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{made.Sum(one => one.Manifest.Files.Count)} files, {made.Sum(one => one.Manifest.Bytes) / 1e6:0.0} MB in "
                    + $"{time.GetElapsedTime(started).TotalSeconds:0.0} s: {to}"
            )
        );
        foreach (PlacedBackup one in made)
        {
            foreach (BackupPartTime part in one.Manifest.Parts)
            {
                Console.WriteLine($"  {one.Name} {part.Name, -8} as of {part.AsOf:u} or later: {part.Held}");
            }
        }
        return 0;
    }

    private static async Task<int> RestoreAsync(
        string from,
        string data,
        IReadOnlyList<BackupPart>? parts,
        bool replace,
        bool verifyOnly,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<PlacedBackup> found = DataBackup.FindIn(from, data);
        // All of it before any of it is restored.
        await WithProgressAsync($"Verifying {from}", async progress =>
        {
            foreach (PlacedBackup one in found)
            {
                BackupFile[] wanted = [.. one.Manifest.Files.Where(file => parts?.Any(part => part.Has(file.Path)) != false)];
                await StackRestore.VerifyAsync(wanted, one.Folder, progress, cancellationToken);
            }
            return true;
        });
        foreach (PlacedBackup one in found)
        {
            await (verifyOnly ? TellAsync(one) : RestoreAsync(one, parts, replace, time, cancellationToken));
        }
        return 0;
    }

    private static Task TellAsync(PlacedBackup one)
    {
        BackupManifest manifest = one.Manifest;
        Console.WriteLine(
            $"{manifest.Files.Count} files are as they were written, {manifest.Started:u} to {manifest.Finished:u}: {one.Folder}"
        );
        return Task.CompletedTask;
    }

    private static async Task RestoreAsync(
        PlacedBackup one,
        IReadOnlyList<BackupPart>? parts,
        bool replace,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        BackupManifest manifest = one.Manifest;
        string? aside = await WithProgressAsync($"Restoring {one.Folder}", progress =>
            StackRestore.RunAsync(manifest, one.Folder, one.Data, parts, replace, progress, time, cancellationToken)
        );
        IEnumerable<string> restored = manifest
            .Parts.Select(part => part.Name)
            .Where(name => parts?.Any(part => part.Name == name) != false);
        Console.WriteLine($"{string.Join(", ", restored)} as of {manifest.Started:u}: {one.Data}");
        if (aside is not null)
        {
            Console.WriteLine($"What was there before: {aside}");
        }
        if (!manifest.Parts.Any(part => part.Name == BackupPart.Registry.Name))
        {
            Console.WriteLine(
                "Start it, bring back what was erased since (POST /api/erasures, as the runbook restore says), then ask what is missing "
                    + $"since: POST /api/reconcile?graceSeconds=0&since={manifest.Started:yyyy-MM-ddTHH:mm:ssZ}"
            );
        }
    }

    /// <summary>On a terminal the state of the work is shown as it changes; elsewhere only that it began.</summary>
    private static Task<T> WithProgressAsync<T>(string what, Func<IProgress<string>, Task<T>> work)
    {
        RedirectedOutput.Prepare();
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine($"{what} ...");
            return work(new Progress<string>());
        }
        return AnsiConsole
            .Status()
            .StartAsync(Markup.Escape($"{what} ..."), status =>
                work(new Progress<string>(state => status.Status(Markup.Escape($"{what}: {state} ..."))))
            );
    }
}
