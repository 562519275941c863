using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>The load report of each version, kept as the report load.json. Thread-safe.</summary>
public sealed class FirstLoadReports
{
    private const string FileName = "load.json";
    private const int MaxBytes = 16 << 10;

    private readonly IObjectStore _store;

    internal FirstLoadReports(IObjectStore store) => _store = store;

    /// <summary>Null where the version was registered before loads were tried.</summary>
    public async Task<FirstLoadReport?> FindAsync(ModelVersion version, CancellationToken cancellationToken) =>
        await _store.ReadAsync(PathOf(version), MaxBytes, cancellationToken) is { } content
            ? StoredJson.Read<FirstLoadReport>(content.Data)
            : null;

    public async Task WriteAsync(ModelVersion version, FirstLoadReport report, CancellationToken cancellationToken)
    {
        using Stream body = StoredJson.Write(report).ToStream();
        await _store.WriteAsync(PathOf(version), body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
    }

    private static string PathOf(ModelVersion version) => RegistryLayout.Reports(version) + FileName;
}
