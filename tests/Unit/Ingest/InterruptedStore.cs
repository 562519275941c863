using Serverless.Storage;

namespace Serverless.Unit.Ingest;

/// <summary>
/// A real store in which something else happens right before the first write below a prefix, or the first of a kind there, or whose reads
/// below it stand still after some.
/// </summary>
internal sealed class InterruptedStore(IObjectStore inner, string prefix) : IObjectStore
{
    private Func<Task>? _first;
    private Predicate<string> _isMeant = _ => true;
    private Task _reads = Task.CompletedTask;
    private int _readsLeft = int.MaxValue;

    public string Name => inner.Name;

    public Uri Origin => inner.Origin;

    /// <summary>What happens, once.</summary>
    public void Before(Func<Task> first) => _first = first;

    /// <summary>Before the first write of a path that ends so and has no such part.</summary>
    public void Before(string ending, string skip, Func<Task> first) =>
        (_isMeant, _first) = (path => path.EndsWith(ending, StringComparison.Ordinal) && !path.Contains(skip), first);

    public void HoldReads(int after, Task until) => (_readsLeft, _reads) = (after, until);

    public async Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        if (path.StartsWith(prefix, StringComparison.Ordinal) && _isMeant(path) && Interlocked.Exchange(ref _first, null) is { } first)
        {
            await first();
        }
        return await inner.WriteAsync(path, content, condition, contentType, cancellationToken);
    }

    public (string Container, string Key) Locate(string path) => inner.Locate(path);

    public string PathOf(string container, string key) => inner.PathOf(container, key);

    public IObjectStore In(string container) => inner.In(container) is var other && other != inner ? other : this;

    public Task<bool> HasContainerAsync(string container, CancellationToken cancellationToken) =>
        inner.HasContainerAsync(container, cancellationToken);

    public Task<StoredObject?> FindAsync(string path, CancellationToken cancellationToken) => inner.FindAsync(path, cancellationToken);

    public Task<Stream> OpenAsync(string path, string? version, long offset, CancellationToken cancellationToken) =>
        inner.OpenAsync(path, version, offset, cancellationToken);

    public async Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken)
    {
        if (path.StartsWith(prefix, StringComparison.Ordinal) && Interlocked.Decrement(ref _readsLeft) < 0)
        {
            await _reads.WaitAsync(cancellationToken);
        }
        return await inner.ReadAsync(path, maxBytes, cancellationToken);
    }

    public Task<ObjectContent?> ReadHeadAsync(string path, int maxBytes, CancellationToken cancellationToken) =>
        inner.ReadHeadAsync(path, maxBytes, cancellationToken);

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

    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => inner.DeleteAsync(path, cancellationToken);

    public Task<ObjectRemains> FindRemainsAsync(string path, CancellationToken cancellationToken) =>
        inner.FindRemainsAsync(path, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken) =>
        inner.ListPageAsync(prefix, after, maxObjects, cancellationToken);
}
