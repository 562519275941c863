using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Captures;

/// <summary>
/// The one seal of all instances, whose key lies in the object store; the first instance makes it. Who deletes the object has a new one
/// made, and instances started since no longer believe older ids. One for a process; thread-safe.
/// </summary>
public sealed class PredictionSeals(IObjectStore store, TimeProvider time, ILogger<PredictionSeals> log)
{
    public const string KeyPath = "keys/predictions.json";

    private const int KeyBytes = 32;
    private const int MaxBytes = 4 << 10;

    /// <summary>A prediction waits no longer for the key of its seal.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly StoredDocument<SealKey> _document = new(store, KeyPath, MaxBytes, time);
    private Task<PredictionSeal?> _loading = Task.FromResult<PredictionSeal?>(null);
    private DateTimeOffset _again = DateTimeOffset.MinValue;
    private volatile PredictionSeal? _seal;

    /// <summary>Null while the store is away: an answer does without a seal.</summary>
    public ValueTask<PredictionSeal?> FindAsync() => _seal is { } seal ? new(seal) : new(LoadAsync());

    private Task<PredictionSeal?> LoadAsync()
    {
        lock (_gate)
        {
            if (_loading.IsCompleted && _seal is null && time.GetUtcNow() >= _again)
            {
                _again = time.GetUtcNow() + Pause;
                _loading = TryLoadAsync();
            }
            return _loading;
        }
    }

    private async Task<PredictionSeal?> TryLoadAsync()
    {
        try
        {
            using CancellationTokenSource patience = new(Patience, time);
            SealKey key = (await _document.ReadAsync(patience.Token))?.Value
                ?? (await _document.CreateAsync(new SealKey(RandomNumberGenerator.GetBytes(KeyBytes)), patience.Token))?.Value
                ?? (await _document.ReadAsync(patience.Token))!.Value;
            return _seal =
                key.Key?.Length == KeyBytes
                    ? new PredictionSeal(key.Key)
                    : throw new InvalidDataException($"'{KeyPath}' has a key of {key.Key?.Length ?? 0} bytes; expected are {KeyBytes}.");
        }
        catch (Exception e)
        {
            log.NoSeal(KeyPath, e.Message);
            return null;
        }
    }

    private sealed record SealKey(byte[]? Key);
}
