using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// What was found out about a version after it was registered, kept beside its files, which stay as they are. Thread-safe.
/// </summary>
public sealed class ModelReports
{
    private const string LatencyReport = "latency.json";
    private const int MaxLatencyBytes = 16 << 10;

    private readonly IObjectStore _store;
    private readonly ModelRegistry _registry;

    internal ModelReports(IObjectStore store, ModelRegistry registry) => (_store, _registry) = (store, registry);

    /// <summary>Writes a report, for instance "validation/prod-01.json", over one of the same name.</summary>
    /// <exception cref="RegistryException">There is no such version.</exception>
    public async Task WriteAsync(ModelVersion version, string name, Stream content, string contentType, CancellationToken cancellationToken)
    {
        if (await _registry.FindAsync(version, cancellationToken) is null)
        {
            throw RegistryException.Missing(version);
        }
        await _store.WriteAsync(PathOf(version, name), content, WriteCondition.Always, contentType, cancellationToken);
    }

    /// <summary>Null where there is none of that name.</summary>
    public async Task<(Stream Content, string? ContentType)?> OpenAsync(
        ModelVersion version,
        string name,
        CancellationToken cancellationToken
    )
    {
        string path = PathOf(version, name);
        return await _store.FindAsync(path, cancellationToken) is { } found
            ? (await _store.OpenAsync(path, found.Version, 0, cancellationToken), found.ContentType)
            : null;
    }

    /// <summary>A small report whole; null where there is none of that name.</summary>
    public async Task<BinaryData?> ReadAsync(ModelVersion version, string name, int maxBytes, CancellationToken cancellationToken) =>
        (await _store.ReadAsync(PathOf(version, name), maxBytes, cancellationToken))?.Data;

    /// <summary>Their names, lengths and times, in order of name.</summary>
    public async Task<IReadOnlyList<ReportEntry>> ListAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        string folder = RegistryLayout.Reports(version);
        List<ReportEntry> reports = [];
        await foreach (StoredObject found in _store.ListAsync(folder, cancellationToken))
        {
            reports.Add(new(found.Path[folder.Length..], found.Length, found.LastModified));
        }
        return [.. reports.OrderBy(r => r.Name, StringComparer.Ordinal)];
    }

    public async Task WriteLatencyAsync(ModelVersion version, MeasuredLatency latency, CancellationToken cancellationToken)
    {
        using Stream body = StoredJson.Write(latency).ToStream();
        await WriteAsync(version, LatencyReport, body, StoredJson.ContentType, cancellationToken);
    }

    /// <summary>Null where it was never measured.</summary>
    public async Task<MeasuredLatency?> FindLatencyAsync(ModelVersion version, CancellationToken cancellationToken) =>
        await ReadAsync(version, LatencyReport, MaxLatencyBytes, cancellationToken) is { } content
            ? StoredJson.Read<MeasuredLatency>(content)
            : null;

    private static string PathOf(ModelVersion version, string name) =>
        Packages.PackagePath.Fault(name) is { } fault
            ? throw new RegistryException(RegistryFault.Invalid, $"The report '{name}' of model {version} has {fault}.")
            : RegistryLayout.Reports(version) + name;
}

public sealed record ReportEntry(string Name, long Bytes, DateTimeOffset At);
