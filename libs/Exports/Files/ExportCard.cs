using Serverless.Exports.Asks;

namespace Serverless.Exports.Files;

/// <summary>
/// The data card of an export: what was asked for, what is in it and what is not, and by what it was made. The last object of an export
/// to be written, so that one with a card is whole.
/// </summary>
/// <param name="Version">A digest of what was asked and of the data: the same export again has the same.</param>
/// <param name="FeedbackUntil">Feedback that came later is not in it.</param>
/// <param name="LeftOut">Counts by reason.</param>
/// <param name="Sha256">Of the data.</param>
/// <param name="CodeVersion">Of the program that made it.</param>
/// <param name="Assets">Uploads that rows are about.</param>
public sealed record ExportCard(
    string Name,
    string Version,
    ExportPlan Asked,
    DateTimeOffset FeedbackUntil,
    int Rows,
    CardCounts Counts,
    IReadOnlyDictionary<string, long> LeftOut,
    CardRedaction? Redaction,
    IReadOnlyList<CardColumn> Columns,
    IReadOnlyList<string> Notes,
    string Sha256,
    long Bytes,
    string CodeVersion,
    string CreatedBy,
    DateTimeOffset Created,
    int? Assets = null
);

/// <summary>Rows by what they have; of many values the most frequent, and the others together.</summary>
/// <param name="Label">By what was reported, else by what was answered.</param>
public sealed record CardCounts(
    int Labelled,
    int WithFeedback,
    int WithVector,
    int WithText,
    IReadOnlyDictionary<string, int> Source,
    IReadOnlyDictionary<string, int> Label,
    IReadOnlyDictionary<string, int> Target,
    IReadOnlyDictionary<string, int> Language,
    int WithAnalysis = 0
);

/// <param name="Texts">Texts of the window whose entities are known.</param>
/// <param name="Mentions">Entities that were masked in them.</param>
public sealed record CardRedaction(IReadOnlyList<string> Types, int Texts, int Mentions);

public sealed record CardColumn(string Name, string Type, string Meaning);
