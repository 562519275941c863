namespace Serverless.Exports.Asks;

/// <summary>What is exported, with nothing left open: the same plan over the same captures gives the same bytes.</summary>
/// <param name="From">Of the predictions' times.</param>
/// <param name="Until">Not included.</param>
/// <param name="Redact">Types of entities that are masked in texts; where there is any, a text that cannot be masked is left out.</param>
/// <param name="Embeddings">Whether vectors go along, where they were captured.</param>
/// <param name="KnownLabels">
/// Of the version. Where texts are redacted, what a caller reported as a label goes along only if it is one of these or of the filter's:
/// else it could be any text.
/// </param>
/// <param name="Analyses">Whether rows about uploads tell what the analyses of these say.</param>
public sealed record ExportPlan(
    string Name,
    string Model,
    int Version,
    string Environment,
    DateTimeOffset From,
    DateTimeOffset Until,
    ExportFilters Filters,
    ExportSample Sample,
    IReadOnlyList<string> Redact,
    bool Embeddings,
    IReadOnlyList<string> KnownLabels,
    bool Analyses = false
);

/// <summary>Which predictions; all of what is given must hold.</summary>
/// <param name="Labelled">Whether only those of which feedback tells the right label.</param>
/// <param name="Source">"api" or "upload".</param>
/// <param name="Language">As the caller stated it.</param>
/// <param name="Labels">Of which the reported label, or else the answered one, is one.</param>
public sealed record ExportFilters(
    bool Labelled = false,
    string? Source = null,
    string? Language = null,
    IReadOnlyList<string>? Labels = null,
    double? MinScore = null
);

/// <summary>How many of them.</summary>
/// <param name="Share">Chosen by a hash of their ids; 1 for all.</param>
/// <param name="Rows">At most so many, those with the least hashes, which are as fair a sample.</param>
public sealed record ExportSample(double Share = 1, int Rows = ExportLimits.DefaultRows);
