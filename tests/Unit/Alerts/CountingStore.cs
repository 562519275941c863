using Serverless.Storage;

namespace Serverless.Unit.Alerts;

/// <summary>A real store that counts what is asked of it.</summary>
internal sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    private int _reads;
    private int _writes;
    private int _underWay;
    private int _turns;

    public string Name => inner.Name;

    public Uri Origin => inner.Origin;

    /// <summary>Listings count as one read each.</summary>
    public int Reads => _reads;

    public int Writes => _writes;

    /// <summary>How often something was asked while nothing else was: what is asked at once is one turn.</summary>
    public int Turns => _turns;

    /// <summary>What happens right before the next write, once.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    /// <summary>What happens before each read of one object.</summary>
    public Func<Task>? BeforeRead { get; set; }

    public void Reset() => (_reads, _writes, _turns) = (0, 0, 0);

    public (string Container, string Key) Locate(string path) => inner.Locate(path);

    public string PathOf(string container, string key) => inner.PathOf(container, key);

    public IObjectStore In(string container) => inner.In(container) is var other && other != inner ? other : this;

    public Task<bool> HasContainerAsync(string container, CancellationToken cancellationToken) =>
        inner.HasContainerAsync(container, cancellationToken);

    public Task<StoredObject?> FindAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.FindAsync(path, cancellationToken));

    public Task<Stream> OpenAsync(string path, string? version, long offset, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.OpenAsync(path, version, offset, cancellationToken));

    public Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadAsync(path, maxBytes, cancellationToken));

    public Task<ObjectContent?> ReadHeadAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadHeadAsync(path, maxBytes, cancellationToken));

    public Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _writes);
        return TurnAsync(async () =>
        {
            if (BeforeWrite is { } first)
            {
                BeforeWrite = null;
                await first();
            }
            return await inner.WriteAsync(path, content, condition, contentType, cancellationToken);
        });
    }

    public Task<UploadAddress> CreateUploadAddressAsync(
        string path,
        IReadOnlyDictionary<string, string> given,
        DateTimeOffset expires,
        CancellationToken cancellationToken
    ) => inner.CreateUploadAddressAsync(path, given, expires, cancellationToken);

    public Task<IReadOnlyList<UploadedPart>> ListUploadedPartsAsync(string path, CancellationToken cancellationToken) =>
        inner.ListUploadedPartsAsync(path, cancellationToken);

    public Task<Uri> CreateDownloadAddressAsync(string path, DateTimeOffset expires, CancellationToken cancellationToken) =>
        inner.CreateDownloadAddressAsync(path, expires, cancellationToken);

    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        return TurnAsync(() => inner.DeleteAsync(path, cancellationToken));
    }

    public Task<ObjectRemains> FindRemainsAsync(string path, CancellationToken cancellationToken) =>
        inner.FindRemainsAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return inner.ListAsync(prefix, cancellationToken);
    }

    public Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ListPageAsync(prefix, after, maxObjects, cancellationToken));

    private Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        Interlocked.Increment(ref _reads);
        return TurnAsync(async () =>
        {
            await (BeforeRead?.Invoke() ?? Task.CompletedTask);
            return await read();
        });
    }

    private async Task<T> TurnAsync<T>(Func<Task<T>> ask)
    {
        if (Interlocked.Increment(ref _underWay) == 1)
        {
            Interlocked.Increment(ref _turns);
        }
        try
        {
            return await ask();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
