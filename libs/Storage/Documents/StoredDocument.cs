using System.Text.Json;

namespace Serverless.Storage;

/// <summary>
/// One document in an object store, changed by compare-and-swap: of two writers at once both take effect, one after the other.
/// Thread-safe and cheap to construct.
/// </summary>
/// <param name="format">JSON where none is given.</param>
public sealed class StoredDocument<T>(IObjectStore store, string path, int maxBytes, TimeProvider time, DocumentFormat<T>? format = null)
    where T : class
{
    /// <summary>As many writers at once all succeed, since each lost race is one that somebody won.</summary>
    public const int MaxTries = 100;

    private readonly DocumentFormat<T> _format = format ?? DocumentFormat<T>.Json;

    /// <summary>
    /// Whether no two writers ever write equal bytes, for instance since each write carries a number and a hash. What stands after a
    /// conflict and equals what was to be written is then this very write, whose answer was lost.
    /// </summary>
    public bool WritesAreUnique { get; init; }

    /// <summary>Null when there is no such document.</summary>
    /// <exception cref="JsonException">It is not of this format; the message names the path.</exception>
    public async Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(path, maxBytes, cancellationToken) is not { } content)
        {
            return null;
        }
        try
        {
            return new(_format.Read(content.Data), content.Object);
        }
        catch (JsonException e)
        {
            throw new JsonException($"Object '{path}' in store '{store.Name}' is no {typeof(T).Name}: {e.Message}", e);
        }
    }

    /// <summary>Null when there is one already, which stays as it is.</summary>
    public Task<Stored<T>?> CreateAsync(T value, CancellationToken cancellationToken) => SwapAsync(null, value, cancellationToken);

    /// <summary>
    /// Replaces the document by what <paramref name="change"/> makes of it; it is asked again after each lost race. Null, or the same
    /// instance, changes nothing.
    /// </summary>
    /// <returns>What stands now; null where there was none and there is none.</returns>
    /// <exception cref="DocumentContendedException">Others were faster each time.</exception>
    public Task<Stored<T>?> UpdateAsync(Func<T?, T?> change, CancellationToken cancellationToken, DocumentGuess<T>? guess = null) =>
        UpdateAsync((before, _) => new ValueTask<T?>(change(before?.Value)), cancellationToken, guess);

    /// <summary>The same for a change that first has to do something that must be done before the document may change.</summary>
    /// <param name="guess">A write on top of it that fails, or a change that wants none, is decided by what is read then.</param>
    public async Task<Stored<T>?> UpdateAsync(
        Func<Stored<T>?, CancellationToken, ValueTask<T?>> change,
        CancellationToken cancellationToken,
        DocumentGuess<T>? guess = null
    )
    {
        if (guess is not null && await TryAsync(guess.Document, change, cancellationToken) is { Written: not null } guessed)
        {
            return guessed.Written;
        }
        ConflictBackoff backoff = new(path, time);
        for (int tries = 1; ; tries++)
        {
            Stored<T>? before = await ReadAsync(cancellationToken);
            Attempt attempt = await TryAsync(before, change, cancellationToken);
            if (!attempt.IsWanted)
            {
                return before;
            }
            if (attempt.Written is { } written)
            {
                return written;
            }
            if (tries == MaxTries)
            {
                throw new DocumentContendedException(store.Name, path, tries);
            }
            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task<Attempt> TryAsync(
        Stored<T>? before,
        Func<Stored<T>?, CancellationToken, ValueTask<T?>> change,
        CancellationToken cancellationToken
    ) =>
        await change(before, cancellationToken) is { } wanted && !ReferenceEquals(wanted, before?.Value)
            ? new(true, await SwapAsync(before, wanted, cancellationToken))
            : new(false, null);

    /// <summary>Null where something else stands than expected.</summary>
    private async Task<Stored<T>?> SwapAsync(Stored<T>? expected, T next, CancellationToken cancellationToken)
    {
        BinaryData bytes = _format.Write(next);
        WriteCondition condition = expected is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(expected.Tag);
        try
        {
            using Stream body = bytes.ToStream();
            return new(next, await store.WriteAsync(path, body, condition, _format.ContentType, cancellationToken));
        }
        catch (ObjectConflictException)
        {
            return
                WritesAreUnique
                && await store.ReadAsync(path, maxBytes, cancellationToken) is { } found
                && found.Data.ToMemory().Span.SequenceEqual(bytes.ToMemory().Span)
                ? new(next, found.Object)
                : null;
        }
    }

    private readonly record struct Attempt(bool IsWanted, Stored<T>? Written);
}
