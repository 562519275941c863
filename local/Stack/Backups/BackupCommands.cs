using System.CommandLine;
using System.Globalization;
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
        BackupManifest manifest = await WithProgressAsync($"Backing up {data}", progress =>
            StackBackup.MakeAsync(data, to, progress, time, cancellationToken)
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{manifest.Files.Count} files, {manifest.Bytes / 1e6:0.0} MB in {time.GetElapsedTime(started).TotalSeconds:0.0} s: {to}"
            )
        );
        foreach (BackupPartTime part in manifest.Parts)
        {
            Console.WriteLine($"  {part.Name, -8} as of {part.AsOf:u} or later: {part.Held}");
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
        BackupManifest manifest = BackupManifest.Read(from);
        if (verifyOnly)
        {
            await WithProgressAsync($"Verifying {from}", async progress =>
            {
                await StackRestore.VerifyAsync(manifest.Files, from, progress, cancellationToken);
                return true;
            });
            Console.WriteLine($"{manifest.Files.Count} files are as they were written, {manifest.Started:u} to {manifest.Finished:u}.");
            return 0;
        }
        string? aside = await WithProgressAsync($"Restoring {from}", progress =>
            StackRestore.RunAsync(manifest, from, data, parts, replace, progress, time, cancellationToken)
        );
        Console.WriteLine($"{string.Join(", ", (parts ?? BackupPart.All).Select(part => part.Name))} as of {manifest.Started:u}: {data}");
        if (aside is not null)
        {
            Console.WriteLine($"What was there before: {aside}");
        }
        Console.WriteLine(
            $"Start it, then ask what is missing since: POST /api/reconcile?graceSeconds=0&since={manifest.Started:yyyy-MM-ddTHH:mm:ssZ}"
        );
        return 0;
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
