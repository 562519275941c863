namespace Serverless.Local.Durable.Storage;

/// <summary>
/// The tables, and their version in the file's <c>user_version</c>: the number of migrations that it has had. Times are UTC ticks.
/// </summary>
internal static class Schema
{
    // "DTSQ": tells a file of this store from another program's.
    private const long ApplicationId = 0x44545351;

    // ready_at is when the next message of an instance is due; an owner is a worker that has the row in hand, and a fence grows
    // with each time that it is handed out. A history row holds the events that one turn added.
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
            CREATE TABLE hubs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE);
            CREATE TABLE workers (id INTEGER PRIMARY KEY AUTOINCREMENT, lease_until INTEGER NOT NULL);
            CREATE TABLE instances (
                hub INTEGER NOT NULL, id TEXT NOT NULL, is_entity INTEGER NOT NULL, execution_id TEXT, name TEXT NOT NULL, version TEXT,
                status INTEGER NOT NULL, output TEXT, failure TEXT, custom_status TEXT, tags TEXT, generation INTEGER, parent TEXT,
                parent_id TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, completed_at INTEGER, scheduled_at INTEGER,
                ready_at INTEGER, owner INTEGER, fence INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
                history_length INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (hub, id)) WITHOUT ROWID;
            CREATE INDEX instances_ready ON instances (hub, is_entity, ready_at) WHERE owner IS NULL AND ready_at IS NOT NULL;
            CREATE INDEX instances_by_parent ON instances (hub, parent_id) WHERE parent_id IS NOT NULL;
            CREATE TABLE history (
                hub INTEGER NOT NULL, instance_id TEXT NOT NULL, position INTEGER NOT NULL, events TEXT NOT NULL,
                PRIMARY KEY (hub, instance_id, position)) WITHOUT ROWID;
            CREATE TABLE messages (
                id INTEGER PRIMARY KEY, hub INTEGER NOT NULL, instance_id TEXT NOT NULL, execution_id TEXT,
                due_at INTEGER NOT NULL, is_start INTEGER NOT NULL, message TEXT NOT NULL);
            CREATE INDEX messages_by_instance ON messages (hub, instance_id, due_at, id);
            CREATE TABLE activities (
                id INTEGER PRIMARY KEY AUTOINCREMENT, hub INTEGER NOT NULL, instance_id TEXT NOT NULL, execution_id TEXT,
                due_at INTEGER NOT NULL, owner INTEGER, attempts INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL);
            CREATE INDEX activities_ready ON activities (hub, due_at, id) WHERE owner IS NULL;
            CREATE INDEX activities_by_instance ON activities (hub, instance_id);
            """,
        """
            CREATE INDEX instances_by_creation ON instances (hub, created_at, id);
            CREATE INDEX instances_owned ON instances (owner) WHERE owner IS NOT NULL;
            CREATE INDEX activities_owned ON activities (owner) WHERE owner IS NOT NULL;
            """,
        "CREATE INDEX instances_unfinished ON instances (hub, created_at, id) WHERE status IN (0, 2, 6, 7);",
        $"""
            DROP INDEX instances_unfinished;
            CREATE INDEX instances_by_status ON instances (hub, status, created_at, id) WHERE {OrchestrationStatuses.NotCompleted};
            """,
    ];

    /// <exception cref="SqliteStoreException">The file takes no writes, or SQLite refused something else.</exception>
    public static void Ensure(SqlSession session, string path)
    {
        try
        {
            Upgrade(session, path);
        }
        catch (SqliteStoreException e) when (e.IsOfTheDisk)
        {
            throw SqliteStoreException.OfFile(path, e);
        }
    }

    /// <summary>Writes a page with what it holds already: SQLite leaves a row that stays the same unwritten, and this not.</summary>
    public static void Rewrite(SqlSession session) => session.ExecuteScript($"PRAGMA application_id = {ApplicationId}");

    private static void Upgrade(SqlSession session, string path)
    {
        session.ExecuteScript("PRAGMA journal_mode = WAL");
        session.ExecuteScript("BEGIN IMMEDIATE");
        try
        {
            long found = session.Scalar("PRAGMA user_version");
            Refuse(session, path, found);
            for (int step = (int)found; step < Migrations.Count; step++)
            {
                session.ExecuteScript(Migrations[step]);
            }

            session.ExecuteScript($"PRAGMA user_version = {Migrations.Count}; PRAGMA application_id = {ApplicationId}");
            session.ExecuteScript("COMMIT");
        }
        catch
        {
            session.Rollback();
            throw;
        }
    }

    private static void Refuse(SqlSession session, string path, long found)
    {
        long application = session.Scalar("PRAGMA application_id");
        bool isEmpty = session.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (!isEmpty && application != ApplicationId)
        {
            throw new InvalidOperationException(
                $"The file '{path}' is not a durable database of this store (application id {application}, schema version {found}). "
                    + "Choose another file, or delete it to start afresh."
            );
        }

        if (found > Migrations.Count)
        {
            throw new InvalidOperationException(
                $"The durable database '{path}' has schema version {found}; this program reads up to version {Migrations.Count}. "
                    + "Use the program that wrote it, or delete the file to start afresh."
            );
        }
    }
}
