using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// One event in the life of a model in an environment. Each names the hash of the one before, so that none can be changed, taken
/// out or put in between without all that follow telling.
/// </summary>
public sealed record HistoryRecord
{
    /// <summary>1 for the first.</summary>
    public required long Sequence { get; init; }
    public required string Environment { get; init; }
    public required string Name { get; init; }

    /// <summary>Never before that of the record before, whatever the clocks of the hosts say.</summary>
    public required DateTimeOffset At { get; init; }
    public required HistoryEvent Event { get; init; }

    /// <summary>What the alias points at from now on; null where nothing does.</summary>
    public int? Version { get; init; }

    /// <summary>Of that version's package, and the SHA-256 of its manifest.json.</summary>
    public string? Digest { get; init; }
    public string? Manifest { get; init; }

    /// <summary>What it pointed at before.</summary>
    public int? From { get; init; }
    public required string By { get; init; }
    public string? Why { get; init; }

    /// <summary>What the decision was taken on, in the words of whoever took it.</summary>
    public JsonElement? Evidence { get; init; }

    /// <summary>The hash of the record before; empty for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>SHA-256, in hexadecimal, of this record's line without this member.</summary>
    public string? Hash { get; init; }

    /// <summary>The one way in which this record is written.</summary>
    internal string Line() => StoredJson.Write(this).ToString();

    internal string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(StoredJson.Write(this with { Hash = null })));

    internal HistoryRecord Sealed() => this with { Hash = ComputeHash() };

    /// <summary>Null where the text is not exactly what <see cref="Line"/> writes of what it says.</summary>
    internal static HistoryRecord? Parse(string line)
    {
        try
        {
            HistoryRecord record = StoredJson.Read<HistoryRecord>(BinaryData.FromString(line));
            return record.Line() == line ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

public enum HistoryEvent
{
    /// <summary>The alias was moved.</summary>
    Moved,

    /// <summary>The alias was moved back to what served at an earlier instant.</summary>
    Restored,

    /// <summary>The alias was moved back by a failed gate or by hand.</summary>
    RolledBack,

    /// <summary>The alias was taken away: nothing serves by it.</summary>
    Withdrawn,

    /// <summary>The alias stays; something else happened, as Why and Evidence say.</summary>
    Noted,
}
