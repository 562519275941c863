namespace Serverless.Local.Durable.Storage;

/// <summary>The processes that work on the file. What a worker has in hand is its own until its lease ends.</summary>
internal static class WorkersTable
{
    public static long Add(StoreTransaction transaction, long leaseUntil)
    {
        transaction.Session.Execute("INSERT INTO workers (lease_until) VALUES (?1)", leaseUntil);
        return transaction.Session.Scalar("SELECT last_insert_rowid()");
    }

    /// <summary>False where another worker has taken over.</summary>
    public static bool TryRenew(StoreTransaction transaction, long worker, long leaseUntil) =>
        transaction.Session.Execute("UPDATE workers SET lease_until = ?2 WHERE id = ?1", worker, leaseUntil) > 0;

    public static List<(long Id, long LeaseUntil)> Others(StoreTransaction transaction, long? worker) =>
        transaction.Session.Query("SELECT id, lease_until FROM workers WHERE id IS NOT ?1", row => (row.Number(0), row.Number(1)), worker);

    /// <summary>Removes a worker and frees what it had in hand. Its attempts count where it died, not where it let go.</summary>
    public static void Remove(StoreTransaction transaction, long worker, bool died)
    {
        long uncounted = died ? 0 : 1;
        transaction.Session.Execute("UPDATE instances SET owner = NULL, attempts = attempts - ?2 WHERE owner = ?1", worker, uncounted);
        transaction.Session.Execute("UPDATE activities SET owner = NULL, attempts = attempts - ?2 WHERE owner = ?1", worker, uncounted);
        transaction.Session.Execute("DELETE FROM workers WHERE id = ?1", worker);
    }
}
