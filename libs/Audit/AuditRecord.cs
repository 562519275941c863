using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Audit;

/// <summary>
/// One line of the log. Each names the hash of the one before, so that none can be changed, taken out or put in between without all that
/// follow telling. An act has two: that it is asked for, written before it begins, and what came of it.
/// </summary>
public sealed record AuditRecord
{
    /// <summary>1 for the first ever.</summary>
    public required long Sequence { get; init; }

    /// <summary>Never before that of the record before, whatever the clocks of the hosts say.</summary>
    public required DateTimeOffset At { get; init; }
    public required AuditEvent Event { get; init; }

    /// <summary>What is done: the name of a function such as "TerminateRun".</summary>
    public string? Act { get; init; }

    /// <summary>To what: the address of the request, "/api/runs/abc/terminate".</summary>
    public string? Target { get; init; }

    /// <summary>The name that goes with it; absent where none was given.</summary>
    public string? By { get; init; }

    /// <summary>The caller whatever name goes with it: "key:ci", "identity:aad:…"; absent for a key that is not listed.</summary>
    public string? ById { get; init; }
    public string? Why { get; init; }

    /// <summary>Of an outcome: the sequence number of what was asked. Of a cut: that of the last record that was taken away.</summary>
    public long? Of { get; init; }

    /// <summary>Of an outcome: the status that was answered.</summary>
    public int? Status { get; init; }

    /// <summary>Of a cut: the hash of the last record that was taken away.</summary>
    public string? CutHash { get; init; }

    /// <summary>The hash of the record before; empty for the first ever.</summary>
    public required string Previous { get; init; }

    /// <summary>SHA-256, in hexadecimal, of this record's line without this member.</summary>
    public string? Hash { get; init; }

    /// <summary>The one way in which this record is written.</summary>
    internal string Line() => StoredJson.Write(this).ToString();

    internal string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(StoredJson.Write(this with { Hash = null })));

    internal AuditRecord Sealed() => this with { Hash = ComputeHash() };

    /// <summary>Null where the text is not exactly what <see cref="Line"/> writes of what it says.</summary>
    internal static AuditRecord? Parse(string line)
    {
        try
        {
            AuditRecord record = StoredJson.Read<AuditRecord>(BinaryData.FromString(line));
            return record.Line() == line ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

public enum AuditEvent
{
    /// <summary>Somebody asks for an act that they may ask for.</summary>
    Asked,

    /// <summary>What came of it.</summary>
    Ended,

    /// <summary>The oldest records were taken away, as old as they may become.</summary>
    Cut,
}
