using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>
/// What one function knows of a container's blobs: for each the last version seen, and whether that is done or still due.
/// An attempt is written before it runs, so a blob that ends the process is counted too.
/// </summary>
internal sealed class BlobReceipts(TriggerDatabase database, string function, string container)
{
    public BlobReceipt? Find(string blob) => database.Query(
        "SELECT etag, attempts, due FROM blob_receipts WHERE function = $function AND container = $container AND blob = $blob",
        row => new BlobReceipt(row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))),
        ("$function", function), ("$container", container), ("$blob", blob)).FirstOrDefault();

    /// <summary>Marks the version as tried so often and due again at the given time, should nothing else be said of it.</summary>
    public void Due(string blob, string etag, int attempts, DateTimeOffset due) => Save(blob, etag, attempts, due.ToUnixTimeMilliseconds());

    public void Done(string blob, string etag, int attempts) => Save(blob, etag, attempts, null);

    public void Forget(string blob) => database.Execute(
        "DELETE FROM blob_receipts WHERE function = $function AND container = $container AND blob = $blob",
        ("$function", function), ("$container", container), ("$blob", blob));

    /// <summary>Makes all that a former process left undone due at once.</summary>
    public void MakeAllDue() => database.Execute(
        "UPDATE blob_receipts SET due = 0 WHERE function = $function AND container = $container AND due IS NOT NULL",
        ("$function", function), ("$container", container));

    /// <summary>Blobs that are due, the longest waiting first.</summary>
    public List<string> FindDue(DateTimeOffset now, int limit) => database.Query(
        "SELECT blob FROM blob_receipts WHERE function = $function AND container = $container AND due <= $now ORDER BY due LIMIT $limit",
        row => row.GetString(0),
        ("$function", function), ("$container", container), ("$now", now.ToUnixTimeMilliseconds()), ("$limit", limit));

    public DateTimeOffset? NextDue() => database.Query(
        "SELECT min(due) FROM blob_receipts WHERE function = $function AND container = $container AND due IS NOT NULL",
        row => row.IsDBNull(0) ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
        ("$function", function), ("$container", container))[0];

    private void Save(string blob, string etag, int attempts, long? due) => database.Execute(
        """
        INSERT INTO blob_receipts (function, container, blob, etag, attempts, due) VALUES ($function, $container, $blob, $etag, $attempts, $due)
        ON CONFLICT (function, container, blob) DO UPDATE SET etag = excluded.etag, attempts = excluded.attempts, due = excluded.due
        """,
        ("$function", function), ("$container", container), ("$blob", blob), ("$etag", etag), ("$attempts", attempts), ("$due", due));
}

/// <param name="Due">When the version is tried again; null when it is done.</param>
internal sealed record BlobReceipt(string ETag, int Attempts, DateTimeOffset? Due);
