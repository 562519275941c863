using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Serverless.Inference.Serving;
using Serverless.Ingest.Steps;
using Serverless.Media;
using Serverless.Serving.Work;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// The vectors of a long text's parts beside its analysis, until that is written: a process that ends takes one part along, not the whole.
/// Each is named by the space and by the texts that it was made of, so that it fits whoever finds it, and writing it twice changes nothing.
/// For one attempt; thread-safe.
/// </summary>
internal sealed class EmbeddedParts
{
    private const int NameBytes = 16;

    private readonly AnalysisRequest _request;
    private readonly IObjectStore _store;
    private readonly string _folder;
    private readonly SemaphoreSlim _looking = new(1);
    private HashSet<string>? _there; // listed once, under the semaphore
    private volatile bool _isInUse;
    private volatile bool _isCleared;

    public EmbeddedParts(AnalysisRequest request, IObjectStore store)
    {
        (_request, _store) = (request, store);
        _folder = AssetLayout.Artifact(request.Source.AssetId, request.Source.VersionId, "parts/");
        Kept = new KeptParts(FindAsync, KeepAsync);
    }

    public KeptParts Kept { get; }

    /// <summary>Once the analysis stands. An answer that a shadow gives later is kept no more.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        _isCleared = true;
        if (_isInUse)
        {
            await _store.DeleteAllAsync(_folder, cancellationToken);
        }
    }

    private async Task<float[][]?> FindAsync(ServedModel model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        VectorSpace space = VectorSpace.Of(model.Reference, model.Dimensions);
        string path = PathOf(space, texts);
        if (_isCleared || !(await ThereAsync(cancellationToken)).Contains(path))
        {
            return null;
        }
        try
        {
            AssetVectors found = await AnalysisWriter.ReadVectorsAsync(_store, path, space, cancellationToken);
            return found.Entries.Count == texts.Count ? [.. found.Entries.Select(entry => entry.Vector.ToArray())] : null;
        }
        catch (Exception e) when (e is InvalidDataException or ObjectMissingException)
        {
            return null; // embedded anew, and written over
        }
    }

    private async Task KeepAsync(ServedModel model, IReadOnlyList<string> texts, float[][] vectors, CancellationToken cancellationToken)
    {
        if (_isCleared)
        {
            return;
        }
        _isInUse = true;
        VectorSpace space = VectorSpace.Of(model.Reference, model.Dimensions);
        VectorEntry[] entries = [.. vectors.Select(vector => new VectorEntry(EntryKind.Of(MediaKind.Text), Place.Whole, "", vector))];
        AssetVectors part = new(_request.Source.AssetId, _request.Source.VersionId, _request.VectorTime, entries);
        using MemoryStream body = new();
        await VectorSegment.WriteAsync(body, space.Name, space.Dimensions, [part], cancellationToken);
        body.Position = 0;
        await _store.WriteAsync(PathOf(space, texts), body, WriteCondition.Always, "application/octet-stream", cancellationToken);
    }

    private async Task<HashSet<string>> ThereAsync(CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_there is null)
            {
                HashSet<string> found = [];
                await foreach (StoredObject part in _store.ListAsync(_folder, cancellationToken))
                {
                    found.Add(part.Path);
                }
                _isInUse |= found.Count > 0;
                _there = found;
            }
            return _there;
        }
        finally
        {
            _looking.Release();
        }
    }

    private string PathOf(VectorSpace space, IReadOnlyList<string> texts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string text in texts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length);
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }
        return $"{_folder}{space.Name}/{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, NameBytes))}.vectors";
    }
}
