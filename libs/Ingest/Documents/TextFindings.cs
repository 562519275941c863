namespace Serverless.Ingest.Documents;

/// <summary>All offsets count UTF-16 code units of the decoded original, before normalisation; ends are exclusive.</summary>
public sealed record TextFindings
{
    public required string Charset { get; init; }
    public required int Characters { get; init; }
    public required int Words { get; init; }
    public required int Lines { get; init; }
    public required int Tokens { get; init; }
    public required IReadOnlyList<SentenceSpan> Sentences { get; init; }
    public required IReadOnlyList<PassageFinding> Passages { get; init; }
    public required IReadOnlyList<EntityFinding> Entities { get; init; }

    /// <summary>What could not be read and was left out.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

public sealed record SentenceSpan(int Start, int End);

/// <summary>Whole sentences that fit one input of the embedding model; its vector carries the same offsets.</summary>
public sealed record PassageFinding(int Start, int End, int Tokens);

public sealed record EntityFinding(int Start, int End, string Type, string Text, float Score);
