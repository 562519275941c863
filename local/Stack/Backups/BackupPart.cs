namespace Serverless.Local.Stack.Backups;

/// <summary>
/// What is kept and restored as one: entries of the data folder. What else is there is made anew from these: the events that were noted,
/// indexes and caches on this disk.
/// </summary>
public sealed record BackupPart(string Name, IReadOnlyList<string> Entries)
{
    private const string Database = "durable.db";

    /// <summary>The runs, in a file whose id the storage knows.</summary>
    public static BackupPart Runs { get; } = new("runs", [Database, $"{Database}-id"]);

    /// <summary>Blobs and queues of the storage emulator: uploads and what is made of them, ledger, registry, captures, jobs.</summary>
    public static BackupPart Azurite { get; } = new("azurite", ["azurite"]);

    /// <summary>Buckets: uploads, what is made of them, their ledger.</summary>
    public static BackupPart S3 { get; } = new("s3", ["s3"]);

    public static BackupPart Keys { get; } = new("keys", ["keys.json", "events.key"]);

    /// <summary>The versions that separate environments share, in the folder that has theirs.</summary>
    public static BackupPart Registry { get; } = new("registry", ["registry"]);

    public static IReadOnlyList<BackupPart> All { get; } = [Runs, Azurite, S3, Keys, Registry];

    /// <summary>Entries of the data folder that tell of the stores as they were: over others they would be wrong.</summary>
    public static IReadOnlyList<string> Derived { get; } = ["events", "lambda", "words", "spool", "another-host"];

    /// <summary>Whether a path, relative to a backup, is one of a part's.</summary>
    public static bool Holds(string path) => All.Any(part => part.Has(path));

    public bool Has(string path)
    {
        string[] segments = path.Split('/');
        return Entries.Contains(segments[0]) && segments.All(segment => segment is not ("" or "." or "..")) && !path.Contains('\\');
    }

    public static string RunsIn(string data) => Path.Combine(data, Database);
}
