using Serverless.Exports.Asks;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Training data that is asked for.</summary>
/// <param name="From">Of the predictions' times.</param>
/// <param name="Until">Not included; at most now, and 31 days after from.</param>
/// <param name="Name">Of the export; the model's where absent.</param>
/// <param name="Environment">prod where absent.</param>
/// <param name="Version">The one that serves where absent.</param>
/// <param name="Redact">Types of entities to mask in captured texts.</param>
/// <param name="Embeddings">Whether captured vectors go along; false where absent.</param>
/// <param name="Analyses">Whether rows about uploads tell what the analyses of these say; true where absent.</param>
internal sealed record ExportQuery(
    string Model,
    DateTimeOffset From,
    DateTimeOffset Until,
    string? Name = null,
    string? Environment = null,
    int? Version = null,
    ExportFilters? Filters = null,
    ExportSample? Sample = null,
    IReadOnlyList<string>? Redact = null,
    bool Embeddings = false,
    bool Analyses = true
);
