using Serverless.Storage;

namespace Serverless.Unit.Captures;

/// <summary>A real store whose writes hang or fail, or whose listings fail, while a test says so.</summary>
internal sealed class StallingStore(IObjectStore inner) : IObjectStore
{
    private volatile TaskCompletionSource _open = Opened();
    private volatile TaskCompletionSource _asked = Opened();

    public bool Fails { get; set; }

    public bool IsAway { get; set; }

    public string Name => inner.Name;

    public Uri Origin => inner.Origin;

    public void Stall()
    {
        _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Until a write hangs.</summary>
    public Task HangsAsync(CancellationToken cancellationToken) => _asked.Task.WaitAsync(cancellationToken);

    public void Resume() => _open.TrySetResult();

    public async Task<StoredObject> WriteAsync(
        string path,
        Stream content,
        WriteCondition condition,
        string contentType,
        CancellationToken cancellationToken
    )
    {
        _asked.TrySetResult();
        await _open.Task.WaitAsync(cancellationToken);
        if (Fails)
        {
            throw new IOException("The store fails, as the test wants it.");
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

    public Task<ObjectContent?> ReadAsync(string path, long maxBytes, CancellationToken cancellationToken) =>
        inner.ReadAsync(path, maxBytes, cancellationToken);

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
        IsAway ? throw new IOException("The store is away, as the test wants it.") : inner.ListAsync(prefix, cancellationToken);

    public Task<ObjectPage> ListPageAsync(string prefix, string? after, int maxObjects, CancellationToken cancellationToken) =>
        inner.ListPageAsync(prefix, after, maxObjects, cancellationToken);

    private static TaskCompletionSource Opened()
    {
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }
}
