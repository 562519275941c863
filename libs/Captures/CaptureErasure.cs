using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Captures;

/// <summary>Takes the lines of erased assets out of captured files. Thread-safe.</summary>
public sealed class CaptureErasure(CaptureOptions options, ILogger<CaptureReader> log)
{
    /// <summary>
    /// Writes the file anew without the lines, or deletes it where none is left; damaged lines go as well.
    /// May be repeated.
    /// </summary>
    /// <param name="erased">The assets, and up to when their lines go: what comes later is of an upload of the same name.</param>
    /// <returns>How many lines went.</returns>
    /// <exception cref="ObjectConflictException">The file changed meanwhile.</exception>
    public async Task<int> EraseAsync(
        IObjectStore store,
        StoredObject file,
        IReadOnlyDictionary<string, DateTimeOffset> erased,
        CancellationToken cancellationToken
    )
    {
        CaptureReader reader = new(store, log);
        int removed = await reader.ReadAsync(file.Path, cancellationToken).CountAsync(IsErased, cancellationToken);
        if (removed == 0)
        {
            return 0;
        }
        CaptureDraft others = new();
        await foreach (CaptureRecord line in reader.ReadAsync(file.Path, cancellationToken))
        {
            if (!IsErased(line))
            {
                others.Add(line, options.MaxLineBytes);
            }
        }
        ReadOnlyMemory<byte> content = others.Finish();
        if (others.LinesByKind.Sum() == 0)
        {
            await store.DeleteAsync(file.Path, cancellationToken);
            return removed;
        }
        using Stream body = BinaryData.FromBytes(content).ToStream();
        await store.WriteAsync(file.Path, body, WriteCondition.IfMatch(file.Version), CaptureDraft.ContentType, cancellationToken);
        return removed;

        bool IsErased(CaptureRecord line) =>
            line.Asset is { } asset && erased.TryGetValue(asset, out DateTimeOffset until) && line.Time <= until;
    }
}
