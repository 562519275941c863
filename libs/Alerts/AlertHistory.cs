using Serverless.Storage;

namespace Serverless.Alerts;

/// <summary>Alerts that have ended, each an object below the month in which it opened. Thread-safe.</summary>
internal sealed class AlertHistory(IObjectStore store, TimeProvider time)
{
    /// <summary>How far lists go back; each month costs a listing.</summary>
    public const int MonthsListed = 12;

    private const string Prefix = "alerts/history/";
    private const int MaxBytes = 256 << 10;

    /// <summary>The same alert again replaces what a process that died has written.</summary>
    public async Task WriteAsync(Alert alert, CancellationToken cancellationToken)
    {
        using Stream body = StoredJson.Write(alert).ToStream();
        await store.WriteAsync(PathOf(alert.Id), body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
    }

    public Task<Alert?> FindAsync(string id, CancellationToken cancellationToken) =>
        AlertId.IsId(id) ? ReadAsync(PathOf(id), cancellationToken) : Task.FromResult<Alert?>(null);

    /// <summary>The latest opened first.</summary>
    public async Task<Listed<Alert>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        List<Alert> items = [];
        List<string> faults = [];
        DateTimeOffset now = time.GetUtcNow();
        for (int back = 0; back < MonthsListed && items.Count < limit; back++)
        {
            Listed<Alert> month = await ListAsync(now.AddMonths(-back), limit - items.Count, cancellationToken);
            items.AddRange(month.Items);
            faults.AddRange(month.Faults);
        }
        return new(items, faults);
    }

    private async Task<Listed<Alert>> ListAsync(DateTimeOffset month, int limit, CancellationToken cancellationToken)
    {
        List<StoredObject> found = [];
        await foreach (StoredObject one in store.ListAsync($"{Prefix}{month.UtcDateTime:yyyy'/'MM}/", cancellationToken))
        {
            found.Add(one);
        }
        found.Reverse(); // stores list by name, which begins with the time
        return await ListedDocuments.ReadAsync(found.ToAsyncEnumerable(), ReadAsync, limit, cancellationToken);
    }

    private async Task<Alert?> ReadAsync(string path, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, MaxBytes, cancellationToken) is { } content ? StoredJson.Read<Alert>(content.Data) : null;

    private static string PathOf(string id) => $"{Prefix}{id[..4]}/{id[4..6]}/{id}.json";
}
