using System.Text.Json;
using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>What served when, who decided it and why: append-only and hash-chained, for each model and environment. Thread-safe.</summary>
public sealed class DeploymentHistory
{
    /// <summary>Of a record's evidence, as JSON.</summary>
    public const int MaxEvidenceChars = 16 << 10;

    private readonly RegistryOptions _options;
    private readonly HistoryWriter _writer;
    private readonly ModelRegistry _registry;

    internal DeploymentHistory(RegistryOptions options, HistoryWriter writer, ModelRegistry registry) =>
        (_options, _writer, _registry) = (options, writer, registry);

    /// <summary>All records, the oldest first.</summary>
    /// <exception cref="RegistryException">A line is no record: Verify says which.</exception>
    public async Task<IReadOnlyList<HistoryRecord>> ListAsync(string environment, string name, CancellationToken cancellationToken)
    {
        (List<string> lines, _) = await ReadAsync(environment, name, cancellationToken);
        return
        [
            .. lines.Select(
                (line, i) =>
                    HistoryRecord.Parse(line)
                    ?? throw new RegistryException(
                        RegistryFault.Corrupt,
                        $"Record {i + 1} of the history of {name} in {environment} is not as it was written."
                    )
            ),
        ];
    }

    /// <summary>The last move up to an instant: its Version served then. Null before the first.</summary>
    public async Task<HistoryRecord?> AtAsync(string environment, string name, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await ListAsync(environment, name, cancellationToken)).LastOrDefault(r => r.At <= at && r.Event != HistoryEvent.Noted);

    /// <summary>
    /// Records something that leaves the alias where it is: a step of a rollout, an approval, a breach with its evidence.
    /// </summary>
    /// <exception cref="RegistryException">By, why or the evidence is too long.</exception>
    public async Task<HistoryRecord> NoteAsync(
        string environment,
        string name,
        string by,
        string why,
        JsonElement? evidence,
        CancellationToken cancellationToken
    )
    {
        Check(environment, name, by, why, evidence);
        HistoryHead written = await _writer.AppendAsync(
            environment,
            name,
            head =>
            {
                HistoryRecord? last = head?.Load(environment, name);
                return new(HistoryEvent.Noted, last?.Version, last?.Digest, last?.Manifest, by, why, evidence);
            },
            cancellationToken
        );
        return written.Load(environment, name);
    }

    /// <summary>
    /// Whether every record is as it was written, none is missing, and the versions they name still have the manifests of then.
    /// </summary>
    public async Task<HistoryVerdict> VerifyAsync(string environment, string name, CancellationToken cancellationToken)
    {
        (List<string> lines, string? head) = await ReadAsync(environment, name, cancellationToken);
        HistoryVerdict chain = HistoryChain.Verify(environment, name, lines, head);
        List<HistoryFault> faults = [.. chain.Faults];
        var manifests = new Dictionary<int, string?>();
        foreach ((string line, int i) in lines.Select((line, i) => (line, i)))
        {
            if (HistoryRecord.Parse(line) is not { Version: { } version, Manifest: { } then })
            {
                continue;
            }
            if (!manifests.TryGetValue(version, out string? now))
            {
                manifests[version] = now = await FindManifestAsync(new(name, version), cancellationToken);
            }
            if (now is not null && now != then)
            {
                faults.Add(new HistoryFault(i + 1, $"The manifest of version {version} is not the one of then."));
            }
        }
        return chain with { Intact = faults.Count == 0, Faults = faults };
    }

    internal void Check(string environment, string name, string by, string? why, JsonElement? evidence)
    {
        _options.CheckEnvironment(environment);
        ModelVersion.CheckName(name);
        RegistryText.Check("by", by);
        RegistryText.CheckOptional("why", why);
        if (evidence?.GetRawText().Length is > MaxEvidenceChars and var found)
        {
            throw new RegistryException(RegistryFault.Invalid, $"The evidence has {found} characters; allowed are {MaxEvidenceChars}.");
        }
    }

    private Task<(List<string> Lines, string? Head)> ReadAsync(string environment, string name, CancellationToken cancellationToken)
    {
        _options.CheckEnvironment(environment);
        ModelVersion.CheckName(name);
        return _writer.ReadAsync(environment, name, cancellationToken);
    }

    private async Task<string?> FindManifestAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            return (await _registry.FindObjectAsync(version, cancellationToken))?.Sha256;
        }
        catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
        {
            return e.Message;
        }
    }
}
