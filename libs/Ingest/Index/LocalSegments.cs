using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>
/// The large segments of a space as files that are mapped for searching, one a version of a segment and named by it. They are derived: one
/// that is missing or damaged is made again from its segment. Several processes may share the folder. Thread-safe.
/// </summary>
/// <param name="folder">Null where no file is kept: each then lasts as long as it is mapped.</param>
internal sealed class LocalSegments(string? folder, IObjectStore store, VectorSpace space, VectorIndex index, ILogger log)
{
    private const string Extension = ".vmap";

    private readonly string _folder = folder is null ? Path.GetTempPath() : Path.Combine(folder, Digest(SpaceIn(store, space)));

    /// <summary>Files that are not kept are nobody else's.</summary>
    private readonly string _prefix = folder is null ? $"{Path.GetRandomFileName()}-" : "";

    public string PathOf(StoredObject segment) => Path.Combine(_folder, _prefix + Digest(SourceOf(segment)) + Extension);

    /// <summary>False where there is no such file, or none that can be used.</summary>
    public bool TryAttach(StoredObject segment)
    {
        string path = PathOf(segment);
        if (!File.Exists(path))
        {
            return false;
        }
        if (index.Attach(path, space.Name, SourceOf(segment)) is not { } fault)
        {
            return true;
        }
        log.LocalSegmentDamaged(path, segment.Path, fault);
        File.Delete(path);
        return false;
    }

    /// <exception cref="IOException">The file cannot be written, or not be read again.</exception>
    public void Attach(StoredObject segment, IReadOnlyCollection<AssetVectors> batches)
    {
        string path = PathOf(segment);
        SealedFile.Write(path, space.Name, SourceOf(segment), space.Dimensions, batches);
        if (index.Attach(path, space.Name, SourceOf(segment)) is { } fault)
        {
            throw new IOException($"{path} was written and is damaged: {fault}");
        }
        if (folder is null)
        {
            File.Delete(path);
        }
    }

    /// <summary>Of which a search found that vectors are damaged. Their files are removed, so that they are made again.</summary>
    public IReadOnlyList<StoredObject> TakeDamaged(IEnumerable<StoredObject> segments)
    {
        HashSet<string> damaged = [.. index.DamagedFiles];
        List<StoredObject> found = damaged.Count == 0 ? [] : [.. segments.Where(segment => damaged.Contains(PathOf(segment)))];
        foreach (StoredObject segment in found)
        {
            log.LocalSegmentDamaged(PathOf(segment), segment.Path, "the checksum of a vector is another");
            File.Delete(PathOf(segment));
        }
        return found;
    }

    /// <summary>Removes files of segments that are no longer there. What is mapped stays readable.</summary>
    public void RemoveAllBut(IEnumerable<StoredObject> segments)
    {
        if (folder is null || !Directory.Exists(_folder))
        {
            return;
        }
        HashSet<string> kept = segments.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_folder, $"*{Extension}").Where(file => !kept.Contains(file)).ToList())
        {
            File.Delete(file);
        }
    }

    private static string SpaceIn(IObjectStore store, VectorSpace space)
    {
        (string container, string key) = store.Locate(AssetLayout.IndexPrefix + space.Name);
        return $"{store.Name}\n{container}\n{key}";
    }

    private string SourceOf(StoredObject segment) => $"{SpaceIn(store, space)}\n{segment.Path}\n{segment.Version}";

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
