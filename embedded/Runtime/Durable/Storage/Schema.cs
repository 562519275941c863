namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>The tables, and their version in the file's <c>user_version</c>. Times are UTC ticks; events are JSON.</summary>
internal static class Schema
{
    public const int Version = 1;

    // A generation is one execution under an instance id: it grows by continue-as-new, restart and replacement, and whatever was
    // meant for an earlier one is dropped. An inbox message is due at once or, as a timer or a delayed start, later.
    private const string Tables = """
        CREATE TABLE instances (
            id TEXT PRIMARY KEY, generation INTEGER NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, status INTEGER NOT NULL,
            input TEXT, output TEXT, custom_status TEXT, failure TEXT, tags TEXT,
            parent_id TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, completed_at INTEGER) WITHOUT ROWID;
        CREATE INDEX instances_by_creation ON instances (created_at, id);
        CREATE INDEX instances_by_completion ON instances (completed_at, id) WHERE completed_at IS NOT NULL;
        CREATE INDEX instances_by_parent ON instances (parent_id) WHERE parent_id IS NOT NULL;
        CREATE TABLE history (
            instance_id TEXT NOT NULL, position INTEGER NOT NULL, event TEXT NOT NULL,
            PRIMARY KEY (instance_id, position)) WITHOUT ROWID;
        CREATE TABLE inbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, generation INTEGER, due_at INTEGER NOT NULL, event TEXT NOT NULL);
        CREATE INDEX inbox_by_instance ON inbox (instance_id);
        CREATE TABLE activities (
            instance_id TEXT NOT NULL, generation INTEGER NOT NULL, task_id INTEGER NOT NULL,
            name TEXT NOT NULL, version TEXT NOT NULL, input TEXT,
            PRIMARY KEY (instance_id, generation, task_id)) WITHOUT ROWID;
        """;

    public static void Ensure(SqlSession session, string path)
    {
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        long found = session.Scalar("PRAGMA user_version");
        if (found == 0)
        {
            session.Execute("BEGIN IMMEDIATE");
            session.Execute(Tables);
            session.Execute($"PRAGMA user_version = {Version}");
            session.Execute("COMMIT");
        }
        else if (found != Version)
        {
            throw new InvalidOperationException(
                $"The durable database '{path}' has schema version {found}; this program reads version {Version}. "
                + "Use the program that wrote it, or delete the file to start afresh.");
        }
    }
}
